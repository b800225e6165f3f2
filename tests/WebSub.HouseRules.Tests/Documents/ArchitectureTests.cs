using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>docs/concepts/architecture.md walks past types that exist.</summary>
public sealed partial class ArchitectureTests
{
    [Fact]
    public void EveryType_OfTheWalks_Exists()
    {
        var page = File.ReadAllText(Repository.File("docs/concepts/architecture.md"));
        var types = Repository
            .FilesWith(".cs")
            .Where(f => Repository.Name(f).StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(f => Declared().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);

        var walks = page[page.IndexOf("## Publish → delivery", StringComparison.Ordinal)..];
        var named = Named().Matches(walks).Select(m => m.Groups["name"].Value).ToList();

        Assert.True(named.Count > 40, $"{named.Count} types");
        Findings.AssertNone(named.Where(n => !types.Contains(n)));
    }

    [GeneratedRegex(@"\b(class|record|interface|enum|struct) (?<name>[A-Z]\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();

    [GeneratedRegex(@"`(?<name>[A-Z]\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();
}
