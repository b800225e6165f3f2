namespace WebSub.HouseRules.Tests.Documents;

/// <summary>Links between pages lead somewhere.</summary>
public sealed class LinkTests
{
    private static readonly Dictionary<string, MarkdownPage> Pages = Repository
        .FilesWith(".md")
        .ToDictionary(f => f, f => new MarkdownPage(File.ReadAllText(f)), StringComparer.Ordinal);

    [Fact]
    public void EveryRelativeLink_ToAFileOrAnAnchor_Resolves()
    {
        var links = Pages
            .SelectMany(p => p.Value.Links.Select(link => (Page: p.Key, Link: link)))
            .Where(l => !IsElsewhere(l.Link))
            .ToList();

        var broken = links.Where(l => !Resolves(l.Page, l.Link)).Select(l => $"{Repository.Name(l.Page)}: {l.Link}");

        Assert.True(links.Count > 50, $"{links.Count} links");
        Findings.AssertNone(broken);
    }

    private static bool IsElsewhere(string link) =>
        link.StartsWith("http://", StringComparison.Ordinal)
        || link.StartsWith("https://", StringComparison.Ordinal)
        || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Resolves(string page, string link)
    {
        var (path, anchor) = link.Split('#', 2) is [var p, var a] ? (p, a) : (link, null);
        var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        if (anchor is null)
            return File.Exists(target) || Directory.Exists(target);
        return Pages.TryGetValue(target, out var named) && named.Anchors.Contains(anchor);
    }
}
