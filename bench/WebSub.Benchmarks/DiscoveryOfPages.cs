using System.Text;
using AngleSharp.Html.Parser;
using BenchmarkDotNet.Attributes;
using WebSub.Discovery;
using WebSub.Documents;

namespace WebSub.Benchmarks;

/// <summary>The hub of a page of 1 MB with its links in the head: by reading the head, and by building the page's tree.</summary>
[MemoryDiagnoser]
public class DiscoveryOfPages
{
    private const string Url = "https://blog.example/";
    private string _page = "";

    /// <summary>A head as blogs have it, and many paragraphs.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var page = new StringBuilder("<!doctype html><html><head><meta charset=utf-8><title>A blog</title>");
        for (var i = 0; i < 40; i++)
            page.Append("<link rel=stylesheet href=\"/style-").Append(i).Append(".css\">");
        page.Append("<link rel=hub href=https://hub.example/><link rel=self href=https://blog.example/feed></head><body>");
        while (page.Length < 1_000_000)
            page.Append("<p class=\"entry\">Some <b>text</b> with <a href=\"/entry\">a link</a> and <em>more</em> of it.</p>\n");
        _page = page.Append("</body></html>").ToString();
        if (HeadOnly() != 1 || WholeTree() != 1)
            throw new InvalidOperationException("The hub was not found.");
    }

    /// <summary>Token by token to the end of the head.</summary>
    [Benchmark]
    public int HeadOnly() => HtmlLinks.Read(_page, Url, DocumentBudget.ForDiscovery(default)).Links.Hubs.Count;

    /// <summary>A tree of all of it, then a selector.</summary>
    [Benchmark(Baseline = true)]
    public int WholeTree()
    {
        using var document = new HtmlParser().ParseDocument(_page);
        return document.QuerySelectorAll("head link[rel~=hub]").Length;
    }
}
