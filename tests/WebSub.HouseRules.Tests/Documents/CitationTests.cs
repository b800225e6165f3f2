using System.Globalization;
using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>Whatever code, tests and pages cite by a number is defined on a page of this repository.</summary>
public sealed partial class CitationTests
{
    [Fact]
    public void EveryRule_ThatIsCited_IsOnTheEnginesPage()
    {
        var defined = Numbers("docs/concepts/engine.md", RuleAnchor());

        var cited = Cited(Rule(), m => Spread(m.Groups["numbers"].Value));

        Assert.Equal(
            Enumerable.Range(1, defined.Count).Select(n => n.ToString(CultureInfo.InvariantCulture)).ToHashSet(StringComparer.Ordinal),
            defined
        );
        Assert.True(cited.Count > 100, $"{cited.Count} citations");
        Findings.AssertNone(Undefined(cited, defined));
    }

    [Fact]
    public void EveryRequirement_ThatIsCited_IsOnItsPage()
    {
        var defined = Rows("docs/reference/requirements.md");

        var cited = Cited(Requirement(), m => [m.Value]);

        Assert.True(cited.Count > 400, $"{cited.Count} citations");
        Findings.AssertNone(Undefined(cited, defined));
    }

    [Fact]
    public void EveryCase_ThatIsCited_IsOnItsPage()
    {
        var defined = Rows("docs/reference/cases.md");

        var cited = Cited(Case(), m => [m.Value]);

        Assert.True(cited.Count > 100, $"{cited.Count} citations");
        Findings.AssertNone(Undefined(cited, defined));
    }

    [Fact]
    public void EveryDecision_ThatIsCited_IsThere()
    {
        var defined = Repository
            .FilesWith(".md")
            .Where(f => Repository.Name(f).StartsWith("docs/adr/", StringComparison.Ordinal))
            .Select(f => int.Parse(Path.GetFileName(f)[..4], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture))
            .ToHashSet(StringComparer.Ordinal);

        var cited = Cited(Decision(), m => [m.Groups["number"].Value]);

        Assert.NotEmpty(cited);
        Findings.AssertNone(Undefined(cited, defined));
    }

    [Fact]
    public void Nothing_CitesAPageThatIsNotHere()
    {
        var names = Repository.FilesWith(".md").Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal);

        var missing = CitedText
            .Files.SelectMany(f => PagePath().Matches(File.ReadAllText(f)).Select(m => (File: f, Path: m.Value)))
            .Where(p => !IsHere(p.File, p.Path, names))
            .Select(p => $"{Repository.Name(p.File)}: {p.Path}");
        var foreign = Cited(NotOfThisRepository(), m => [m.Value]);

        Findings.AssertNone(missing.Concat<object>(foreign));
    }

    private static List<Citation> Cited(Regex pattern, Func<Match, IEnumerable<string>> ids) =>
        [
            .. CitedText.Files.SelectMany(f =>
                pattern.Matches(CitedText.Of(f)).SelectMany(ids).Select(id => new Citation(Repository.Name(f), id))
            ),
        ];

    private static IEnumerable<Citation> Undefined(List<Citation> cited, HashSet<string> defined) =>
        cited.Where(c => !defined.Contains(c.Id));

    private static HashSet<string> Numbers(string page, Regex anchor) =>
        anchor.Matches(File.ReadAllText(Repository.File(page))).Select(m => m.Groups["number"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The ids of a page's rows, each with the anchor of the same name.</summary>
    private static HashSet<string> Rows(string page) =>
        Row()
            .Matches(File.ReadAllText(Repository.File(page)))
            .Where(m => string.Equals(m.Groups["id"].Value, m.Groups["anchor"].Value, StringComparison.OrdinalIgnoreCase))
            .Select(m => m.Groups["id"].Value)
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Spread(string numbers) => Number().Matches(numbers).Select(m => m.Value);

    /// <summary>From the file that names it, from the root, or, without a folder, anywhere.</summary>
    private static bool IsHere(string file, string path, HashSet<string> names) =>
        names.Contains(path)
        || File.Exists(Path.Combine(Path.GetDirectoryName(file)!, path))
        || File.Exists(Repository.File(path.TrimStart('/')));

    [GeneratedRegex(@"^(?<number>\d+)\. <a id=""rule-\k<number>""></a>", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex RuleAnchor();

    [GeneratedRegex(@"^\| <a id=""(?<anchor>[^""]+)""></a>(?<id>\S+) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row();

    // A line break within a comment may come between the words.
    [GeneratedRegex(@"\b[Rr]ules?(\s|/)+(?<numbers>\d+((, | and | to |–|-)\d+)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Rule();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![\w%.#&/])[DPSHCX]\d{1,2}(?![\w%])", RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();

    [GeneratedRegex(@"\b(WS|BS|BH|AS|IG)-\d+\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Case();

    [GeneratedRegex(@"\bADR (?<number>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Decision();

    [GeneratedRegex(@"(?<![\w:/.-])[\w./-]*\w\.md\b", RegexOptions.ExplicitCapture)]
    private static partial Regex PagePath();

    // Notes that the authors kept outside the repository.
    [GeneratedRegex(@"REFERENCE[-]SYSTEMS|\b(DESIGN|SPEC|INTERFACES|STYLE)(\.md| §)", RegexOptions.ExplicitCapture)]
    private static partial Regex NotOfThisRepository();

    /// <summary>A place and what it cites.</summary>
    private sealed record Citation(string File, string Id);
}
