using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>The documentation site's navigation, docs/navigation/toc.yml, has every page once.</summary>
public sealed partial class NavigationTests
{
    private static readonly string Docs = Repository.File("docs");

    private static readonly List<string> Entries =
    [
        .. Href()
            .Matches(File.ReadAllText(Path.Combine(Docs, "navigation", "toc.yml")))
            .Select(m => Path.GetFullPath(Path.Combine(Docs, "navigation", m.Groups["path"].Value))),
    ];

    [Fact]
    public void Navigation_PagesOfTheDocumentation_AreAllInIt()
    {
        var pages = Repository
            .FilesWith(".md")
            .Where(f => f.StartsWith(Docs + Path.DirectorySeparatorChar, StringComparison.Ordinal) || IsSample(f))
            .ToList();

        var missing = pages
            .Except(Entries, StringComparer.Ordinal)
            .Select(p => $"docs/navigation/toc.yml has no entry for {Repository.Name(p)}");

        Assert.True(pages.Count > 30, $"{pages.Count} pages");
        Findings.AssertNone(missing);
    }

    [Fact]
    public void Navigation_Entries_AreFilesAndOfferedOnce()
    {
        var pages = Entries.Where(e => Path.GetExtension(e) == ".md").ToList();

        var wrong = pages
            .Where(p => !File.Exists(p))
            .Concat(pages.GroupBy(p => p, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => g.Key));

        Findings.AssertNone(wrong.Select(Repository.Name));
    }

    private static bool IsSample(string file) =>
        Repository.Name(file).StartsWith("samples/", StringComparison.Ordinal) && Path.GetFileName(file) == "README.md";

    [GeneratedRegex(@"^\s+href: (?<path>\S+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Href();
}
