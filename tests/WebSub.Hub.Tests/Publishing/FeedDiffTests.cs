using System.Text;
using System.Xml.Linq;
using WebSub.Documents;
using WebSub.Hub.Publishing;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

[Trait("Req", "H26")]
public sealed class FeedDiffTests
{
    private const string A = "<entry><id>a</id><title>A é</title></entry>";
    private const string B = "<entry><id>b</id><title>B</title></entry>";

    [Fact]
    public void Between_ANewEntry_KeepsIt_AndTheFeedsOwnMetadata()
    {
        var diff = Between(Atom(A), Atom(B + "\n  " + A));

        Assert.Contains("<title>Feed</title>", diff, StringComparison.Ordinal);
        Assert.Contains("<id>b</id>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("<id>a</id>", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_AChangedEntry_KeepsItWithItsExactId()
    {
        var diff = Between(Atom(A + B), Atom(A + B.Replace(">B<", ">B, updated<", StringComparison.Ordinal)));

        Assert.Contains("<entry><id>b</id><title>B, updated</title></entry>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("A é", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_Rss_KnowsItemsByGuid()
    {
        var diff = Between(Rss("<item><guid>1</guid></item>"), Rss("<item><guid>2</guid></item><item><guid>1</guid></item>"));

        Assert.Contains("<guid>2</guid>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("<guid>1</guid>", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_Rss1_KnowsItemsBeside_TheChannel()
    {
        static string Rdf(string items) =>
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
            + $"xmlns=\"http://purl.org/rss/1.0/\"><channel/>{items}</rdf:RDF>";

        var diff = Between(Rdf("<item rdf:about=\"1\"/>"), Rdf("<item rdf:about=\"1\"/><item rdf:about=\"2\"/>"));

        Assert.Contains("about=\"2\"", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("about=\"1\"", diff, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<guid>x</guid>", "shared guid")]
    [InlineData("<link>http://t.example/</link>", "shared link")]
    [InlineData("", "neither")]
    public void Between_ItemsThatShareTheirId_AreToldApart(string id, string why)
    {
        string Item(string title) => $"<item>{id}<title>{title}</title></item>";
        var before = Item("one") + Item("two") + Item("two");

        var added = Between(Rss(before), Rss(Item("new") + before));
        var changed = Between(Rss(before), Rss(before.Replace("one", "other", StringComparison.Ordinal)));

        Assert.True(Count(added) == 1 && added.Contains("new", StringComparison.Ordinal), why);
        Assert.True(Count(changed) == 1 && changed.Contains("other", StringComparison.Ordinal), why);

        static int Count(string diff) => diff.Split("<item>").Length - 1;
    }

    [Theory]
    [InlineData(
        "<lastBuildDate>Tue, 03 Nov 2026 08:00:00 GMT</lastBuildDate>",
        "<lastBuildDate>Tue, 03 Nov 2026 09:00:00 GMT</lastBuildDate>"
    )]
    [InlineData("<pubDate>1</pubDate>", "<pubDate>2</pubDate>")]
    [InlineData("<a:updated xmlns:a=\"http://www.w3.org/2005/Atom\">1</a:updated>", "")]
    [InlineData(
        "<d:date xmlns:d=\"http://purl.org/dc/elements/1.1/\">1</d:date>",
        "<d:date xmlns:d=\"http://purl.org/dc/elements/1.1/\">2</d:date>"
    )]
    [InlineData("<!-- made in 0.1 s -->", "\n<!-- made in 0.2 s -->\r\n")]
    public void Between_OnlyTheTimeItWasMadeAt_IsEmpty(string before, string after)
    {
        var diff = Diff(Bytes(Rss(before + "<item><guid>1</guid></item>")), Bytes(Rss(after + "<item><guid>1</guid></item>")));

        Assert.Empty(diff!);
    }

    [Fact]
    public void Between_OnlyTheTimeOfAnAtomFeed_IsEmpty_ButNotThatOfAnEntry()
    {
        static string Feed(int feed, int entry) => Atom($"<updated>{feed}</updated><entry><id>a</id><updated>{entry}</updated></entry>{B}");

        Assert.Empty(Diff(Bytes(Feed(1, 1)), Bytes(Feed(2, 1)))!);
        Assert.Contains("<entry><id>a</id><updated>2</updated></entry>", Between(Feed(1, 1), Feed(1, 2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
            + "xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel/>{0}</rdf:RDF>"
    )]
    [InlineData("<rss version=\"0.91\"><channel><title>t</title></channel>{0}</rss>")]
    [InlineData("<rss xmlns=\"http://www.w3.org/2005/Atom\"><channel><title>t</title>{0}</channel></rss>")]
    [InlineData("<!DOCTYPE rss SYSTEM \"rss.dtd\"><rss version=\"0.92\"><channel>{0}</channel></rss>")]
    [InlineData("<b>Warning</b>: x<br />\n<?xml version=\"1.0\"?><rss><channel>{0}</channel></rss>\n0")]
    public void Between_AnyDialect_KeepsWhatIsNew(string feed)
    {
        const string One = "<item><title>one &amp; &copy;</title></item>";
        string Of(string items) => feed.Replace("{0}", items, StringComparison.Ordinal);

        var diff = Between(Of(One), Of("<item><title>two</title></item>" + One));

        Assert.Contains("<title>two</title>", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("one", diff, StringComparison.Ordinal);
    }

    [Fact]
    public void Between_WhatIsWritten_HasTheSameCharactersAsWhatWasRead()
    {
        const string Odd =
            "<entry xmlns:x=\"urn:x\"><id>b</id><title>a&#13;b&#13;&#10;c\nd\te &#x1F30A; \u0085\u2028 ]]&gt;</title>"
            + "<link href=\"a&#13;b&#10;c&#9;d&quot;'&lt;\"/><x:y><![CDATA[<&>\n]]></x:y></entry>";

        var diff = Between(Atom(A), Atom(A + Odd));

        Assert.True(XNode.DeepEquals(XElement.Parse(Entry(Atom(Odd))), XElement.Parse(Entry(diff))));
        var title = XElement.Parse(diff).Descendants("{http://www.w3.org/2005/Atom}title").Last().Value;
        Assert.Equal("a\rb\r\nc\nd\te \U0001F30A \u0085\u2028 ]]>", title);
        Assert.Equal(
            "a\rb\nc\td\"'<",
            XElement.Parse(diff).Descendants("{http://www.w3.org/2005/Atom}link").Single().Attribute("href")!.Value
        );

        static string Entry(string feed) =>
            feed[feed.IndexOf("<entry", StringComparison.Ordinal)..feed.IndexOf("</feed>", StringComparison.Ordinal)];
    }

    [Theory]
    [InlineData("<feed xmlns=\"http://www.w3.org/2005/Atom\">", "broken")]
    [InlineData("<a/>", "no feed")]
    [InlineData("<!DOCTYPE x [<!ENTITY e \"e\">]><feed xmlns=\"http://www.w3.org/2005/Atom\">&e;</feed>", "a DTD")]
    [InlineData(
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>a</id><title>A "
            + "é</title></entry><entry><id>c</id></entry></feed>",
        "another encoding"
    )]
    public void Between_WhatIsNoCleanFeed_IsNull(string after, string why)
    {
        var diff = Diff(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(after));

        Assert.True(diff is null, why);
    }

    [Fact]
    public void Between_OnlyNewEntries_OrOnlyOldOnes_IsNull()
    {
        Assert.Null(Diff(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(Atom(B))));
        Assert.Null(
            Diff(Encoding.UTF8.GetBytes(Atom(A)), Encoding.UTF8.GetBytes(Atom(A).Replace("Feed", "Renamed", StringComparison.Ordinal)))
        );
    }

    [Fact]
    public async Task Between_ThousandsOfEntries_ComesBackQuickly_AndMoreHaveNoDiff()
    {
        static string Entries(int count, string title) =>
            string.Concat(
                Enumerable.Range(0, count).Select(i => $" <entry><id>{i}</id><title>{(i % 2 == 0 ? title : "same")}</title></entry>")
            );

        var diff = Task.Run(() => Between(Atom(Entries(5000, "old")), Atom(Entries(5000, "new"))));
        var tooMany = Diff(Encoding.UTF8.GetBytes(Atom(Entries(66_000, "old"))), Encoding.UTF8.GetBytes(Atom(Entries(66_000, "new"))));

        Assert.Equal(2500, (await diff.WaitAsync(HubHost.Deadline)).Split("<entry>").Length - 1);
        Assert.Null(tooMany);
    }

    [Theory]
    [InlineData("entries", 5000, 5001)]
    [InlineData("nodes", 199_000, 200_001)]
    [InlineData("namespaces of the feed", 90, 101)]
    [InlineData("namespaces around an element", 90, 101)]
    [InlineData("depth", 90, 101)]
    public void Between_WhatIsLargerOrStrangerThanFeedsAre_OnEitherSide_IsNull(string what, int usual, int strange)
    {
        var (good, bad, small) = (Strange(what, usual), Strange(what, strange), Atom(A + B));

        Assert.NotNull(Between(good, small));
        Assert.NotNull(Between(small, good));
        Assert.Null(Diff(Encoding.UTF8.GetBytes(bad), Encoding.UTF8.GetBytes(small)));
        Assert.Null(Diff(Encoding.UTF8.GetBytes(small), Encoding.UTF8.GetBytes(bad)));

        // Always with an entry that the small feed has too, so that there would be a diff.
        static string Strange(string what, int count) =>
            what switch
            {
                "entries" => Atom(A + string.Concat(Enumerable.Range(1, count - 1).Select(i => $"<entry><id>{i}</id></entry>"))),
                "nodes" => Atom(A + "<entry><id>b</id>" + string.Concat(Enumerable.Repeat("<x/>", count)) + "</entry>"),
                "namespaces of the feed" => Atom(A + "<entry><id>b</id></entry>")
                    .Replace("<feed ", $"<feed {Declarations(count)} ", StringComparison.Ordinal),
                "namespaces around an element" => Atom(
                    $"{A}<entry><id>b</id><x {Declarations(count / 2)}><y {Declarations(count - (count / 2) - 1, "q")}/></x></entry>"
                ),
                _ => Atom(
                    $"{A}<entry><id>b</id>{string.Concat(Enumerable.Repeat("<x>", count))}"
                        + $"{string.Concat(Enumerable.Repeat("</x>", count))}</entry>"
                ),
            };

        static string Declarations(int count, string prefix = "p") =>
            string.Join(' ', Enumerable.Range(0, count).Select(i => $"xmlns:{prefix}{i}=\"urn:{prefix}:{i}\""));
    }

    [Fact]
    public void Between_WhatIsNoFeed_IsNotReadIntoMemory()
    {
        var page = Encoding.UTF8.GetBytes(
            $"<html xmlns=\"http://www.w3.org/1999/xhtml\">{string.Concat(Enumerable.Repeat("<p>x</p>", 150_000))}</html>"
        );

        var before = GC.GetAllocatedBytesForCurrentThread();
        var diff = Diff(page, page);

        Assert.Null(diff);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < page.Length, "The page was read into memory.");
    }

    [Theory]
    [InlineData("application/atom+xml", true)]
    [InlineData("text/xml; charset=UTF-8", true)]
    [InlineData("application/rss+xml;charset=\"utf-8\"", true)]
    [InlineData("application/xml; charset=iso-8859-1", false)]
    [InlineData("text/html", false)]
    [InlineData(null, false)]
    public void MayBeFeed_ReadsTypeAndCharset(string? contentType, bool expected)
    {
        var result = FeedDiff.MayBeFeed(contentType);

        Assert.Equal(expected, result);
    }

    [Fact]
    public void Between_WhenTheHubStops_EndsInside()
    {
        using var stopping = new CancellationTokenSource();
        stopping.Cancel();
        var budget = new DocumentBudget(DocumentBudget.NodesOfDiscovery, stopping.Token);

        Assert.Throws<OperationCanceledException>(() => FeedDiff.Between(Bytes(Atom(A)), Bytes(Atom(A + B)), budget));
    }

    private static byte[]? Diff(byte[] before, byte[] after) =>
        FeedDiff.Between(before, after, new DocumentBudget(DocumentBudget.NodesOfDiscovery, default));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Between(string before, string after) =>
        Encoding.UTF8.GetString(Diff(Encoding.UTF8.GetBytes(before), Encoding.UTF8.GetBytes(after))!);

    private static string Atom(string entries) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Feed</title>{entries}</feed>";

    private static string Rss(string items) => $"<rss version=\"2.0\"><channel><title>Feed</title>{items}</channel></rss>";
}
