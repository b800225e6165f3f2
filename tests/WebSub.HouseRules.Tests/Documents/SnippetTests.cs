using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>C# that the pages show compiles: each block is in a file of Snippets/, or the page says before it why it is not.</summary>
public sealed partial class SnippetTests
{
    private static readonly string Compiled = string.Concat(
        Repository
            .FilesWith(".cs")
            .Where(f => Repository.Name(f).StartsWith("tests/WebSub.HouseRules.Tests/Snippets/", StringComparison.Ordinal))
            .Select(f => Squeeze(File.ReadAllText(f)))
    );

    [Fact]
    public void Snippets_OfThePages_AreCompiled()
    {
        var blocks = Repository
            .FilesWith(".md")
            .Where(IsPublished)
            .SelectMany(f => Block().Matches(File.ReadAllText(f)).Select(m => (Page: Repository.Name(f), Match: m)))
            .ToList();

        var missing = blocks
            .Where(b =>
                !b.Match.Groups["reason"].Success && !Compiled.Contains(Squeeze(b.Match.Groups["code"].Value), StringComparison.Ordinal)
            )
            .Select(b => $"{b.Page}: in no file of Snippets/: {b.Match.Groups["code"].Value.Split('\n')[0]}");

        Assert.True(blocks.Count(b => !b.Match.Groups["reason"].Success) > 20, $"{blocks.Count} blocks");
        Findings.AssertNone(missing);
    }

    // White space is the formatter's.
    private static string Squeeze(string code) => WhiteSpace().Replace(code, "");

    private static bool IsPublished(string file) =>
        Repository.Name(file) is var name && (name == "README.md" || name.StartsWith("docs/", StringComparison.Ordinal));

    [GeneratedRegex(
        @"^(<!-- not compiled: (?<reason>.+?) -->\n)?```csharp\n(?<code>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+", RegexOptions.ExplicitCapture)]
    private static partial Regex WhiteSpace();
}
