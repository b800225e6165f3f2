using System.Text;
using System.Xml.Linq;
using BenchmarkDotNet.Attributes;
using WebSub.Documents;
using WebSub.Hub.Publishing;

namespace WebSub.Benchmarks;

/// <summary>One new entry in a feed of fifty: the diff, and a naive one that knows entries by their ids.</summary>
[MemoryDiagnoser]
public class DiffOfFeeds
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly byte[] _before = Feed(first: 0);
    private readonly byte[] _after = Feed(first: 1);

    /// <summary>Both say that one entry is new.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        if (XDocument.Parse(Encoding.UTF8.GetString(Ours()!)).Root!.Elements(Atom + "entry").Count() != 1 || Naive() != 1)
            throw new InvalidOperationException("More or less than one entry is new.");
    }

    /// <summary>The document without its unchanged entries, within a budget.</summary>
    [Benchmark]
    public byte[]? Ours() => FeedDiff.Between(_before, _after, DocumentBudget.ForDiscovery(default));

    /// <summary>Both documents parsed, ids compared; nothing is written.</summary>
    [Benchmark(Baseline = true)]
    public int Naive()
    {
        var known = IdsOf(_before).ToHashSet(StringComparer.Ordinal);
        return IdsOf(_after).Count(id => !known.Contains(id));
    }

    private static IEnumerable<string> IdsOf(byte[] feed)
    {
        using var stream = new MemoryStream(feed);
        return [.. XDocument.Load(stream).Root!.Elements(Atom + "entry").Select(e => (string)e.Element(Atom + "id")!)];
    }

    private static byte[] Feed(int first)
    {
        var feed = new StringBuilder("<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>A blog</title>");
        for (var i = first + 50; i > first; i--)
        {
            feed.Append("<entry><id>urn:e:").Append(i).Append("</id><title>Entry</title><updated>2026-11-28T00:00:00Z</updated><content>");
            feed.Append('x', 500).Append("</content></entry>\n");
        }

        return Encoding.UTF8.GetBytes(feed.Append("</feed>").ToString());
    }
}
