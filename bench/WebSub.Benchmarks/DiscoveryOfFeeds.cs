using System.Text;
using System.Xml.Linq;
using BenchmarkDotNet.Attributes;
using WebSub.Discovery;
using WebSub.Documents;

namespace WebSub.Benchmarks;

/// <summary>The hub of an Atom feed of 1 MB: by reading down to its first entry, and by loading the feed.</summary>
[MemoryDiagnoser]
public class DiscoveryOfFeeds
{
    private const string Url = "https://blog.example/feed";
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private string _feed = "";

    /// <summary>Links on top, and many entries.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var feed = new StringBuilder("<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A blog</title>").Append(
            "<link rel=\"hub\" href=\"https://hub.example/\"/><link rel=\"self\" href=\"https://blog.example/feed\"/>"
        );
        for (var i = 0; feed.Length < 1_000_000; i++)
            feed.Append("<entry><id>urn:e:").Append(i).Append("</id><title>Entry</title><content>Some text.</content></entry>\n");
        _feed = feed.Append("</feed>").ToString();
        if (TopOnly() != 1 || WholeFeed() != 1)
            throw new InvalidOperationException("The hub was not found.");
    }

    /// <summary>Down to the first entry, once both links are there.</summary>
    [Benchmark]
    public int TopOnly() => FeedLinks.Read(_feed, Url, DocumentBudget.ForDiscovery(default)).Links.Hubs.Count;

    /// <summary>All of it, then a query.</summary>
    [Benchmark(Baseline = true)]
    public int WholeFeed() => XDocument.Parse(_feed).Root!.Elements(Atom + "link").Count(l => (string?)l.Attribute("rel") == "hub");
}
