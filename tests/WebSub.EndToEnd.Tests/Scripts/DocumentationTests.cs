using System.Net;
using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>The documentation site, built as a reader of the clone builds it.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public async Task Docs_Built_HasEveryPageAndTheApiWithoutAWarning()
    {
        var result = await CliProcess.RunProgramAsync(
            "bash",
            [Path.Combine(Repository.Root, "docs.sh")],
            workingDirectory: Path.GetTempPath(),
            deadline: TimeSpan.FromMinutes(5)
        );

        var site = Path.Combine(Repository.Root, "artifacts", "docs", "site");
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
        Assert.StartsWith("The site is in ", result.Error[^1], StringComparison.Ordinal);
        var docs = Path.Combine(Repository.Root, "docs");
        foreach (var page in Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories))
            Assert.True(File.Exists(Path.Combine(site, Path.ChangeExtension(Path.GetRelativePath(docs, page), ".html"))), page);
        var api = await File.ReadAllTextAsync(Path.Combine(site, "api", "WebSub.Subscriber.IWebSubHandler.html"));
        Assert.Contains("HandleAsync", api, StringComparison.Ordinal);
        Assert.Empty(BrokenLinks(site));
    }

    // Links within the site, in what a page itself says.
    private static IEnumerable<string> BrokenLinks(string site)
    {
        var pages = Directory
            .EnumerateFiles(site, "*.html", SearchOption.AllDirectories)
            .ToDictionary(f => f, File.ReadAllText, StringComparer.Ordinal);
        var anchors = pages.ToDictionary(
            p => p.Key,
            p => Anchor().Matches(p.Value).Select(m => WebUtility.HtmlDecode(m.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        foreach (var (page, text) in pages)
        {
            foreach (Match match in Link().Matches(Article().Match(text).Value))
            {
                var link = WebUtility.HtmlDecode(match.Groups["target"].Value);
                if (Scheme().IsMatch(link))
                    continue;
                var parts = Uri.UnescapeDataString(link).Split('#', 2);
                var path = parts[0].Split('?')[0];
                var target = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
                if (!File.Exists(target) || (parts.Length == 2 && anchors.TryGetValue(target, out var known) && !known.Contains(parts[1])))
                    yield return $"{Path.GetRelativePath(site, page)}: {link}";
            }
        }
    }

    [GeneratedRegex(@"<article.*?</article>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Article();

    [GeneratedRegex(@"href=""(?<target>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(id|name)=""(?<name>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();

    [GeneratedRegex(@"^\w+:", RegexOptions.ExplicitCapture)]
    private static partial Regex Scheme();
}
