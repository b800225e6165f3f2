using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>docs/reference/conformance.md: each requirement has a row, and each test that it names exists.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string Page = File.ReadAllText(Repository.File("docs/reference/conformance.md"));

    [Fact]
    public void EveryTest_ThatIsNamed_Exists()
    {
        var tests = Repository
            .FilesWith(".cs")
            .Where(f => Repository.Name(f).StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => Declared().Matches(File.ReadAllText(f)).Select(m => m.Groups["name"].Value))
            .ToHashSet(StringComparer.Ordinal);

        var named = Named().Matches(Page).SelectMany(m => m.Groups["name"].Value.Split('.')).ToList();

        Assert.True(named.Count > 200, $"{named.Count} names");
        Findings.AssertNone(named.Where(n => !tests.Contains(n)));
    }

    [Fact]
    public void EveryRequirement_IsThere()
    {
        var requirements = Requirement().Matches(File.ReadAllText(Repository.File("docs/reference/requirements.md"))).Select(m => m.Value);
        var here = Requirement()
            .Matches(Range().Replace(Page, m => Spread(m.Groups["role"].Value, m.Groups["first"].Value, m.Groups["last"].Value)))
            .Select(m => m.Value)
            .ToHashSet(StringComparer.Ordinal);

        Findings.AssertNone(requirements.Where(r => !here.Contains(r)));
    }

    private static string Spread(string role, string first, string last)
    {
        var from = int.Parse(first, CultureInfo.InvariantCulture);
        var numbers = Enumerable.Range(from, int.Parse(last, CultureInfo.InvariantCulture) - from + 1);
        return string.Join(' ', numbers.Select(n => $"{role}{n}"));
    }

    [GeneratedRegex(@"\b(class|Task|void)\s+(?<name>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();

    [GeneratedRegex(@"`(?<name>(\w+Tests)(\.\w+)?|[A-Z][A-Za-z0-9]*_\w+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<!\w)[DPSHCX]\d{1,2}(?!\w)", RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();

    [GeneratedRegex(@"\b(?<role>[DPSHCX])(?<first>\d+)–\k<role>(?<last>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Range();
}
