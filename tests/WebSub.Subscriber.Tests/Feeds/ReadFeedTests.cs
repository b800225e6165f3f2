using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.Extensions.Primitives;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Feeds;

public sealed class ReadFeedTests
{
    [Fact]
    [Trait("Req", "X13")]
    public void ReadFeed_OfYouTube_GivesVideoAndChannel()
    {
        var feed = Notification(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns="http://www.w3.org/2005/Atom">
                  <link rel="hub" href="https://pubsubhubbub.appspot.com"/>
                  <link rel="self" href="https://www.youtube.com/xml/feeds/videos.xml?channel_id=C"/>
                  <title>Videos</title><updated>2015-04-01T19:05:24.552394234+00:00</updated>
                  <entry><id>yt:video:V</id><yt:videoId>V</yt:videoId><yt:channelId>C</yt:channelId><title>T</title>
                    <link rel="alternate" href="http://www.youtube.com/watch?v=V"/><author><name>A</name></author>
                    <published>2015-03-06T21:40:57+00:00</published><updated>2015-03-09T19:05:24+00:00</updated></entry>
                </feed>
                """
            )
            .ReadFeed();

        var entry = Assert.Single(feed.Entries);
        Assert.Equal((WebSubFeedKind.Atom, "Videos", "https://pubsubhubbub.appspot.com"), (feed.Kind, feed.Title, feed.Hubs[0]));
        Assert.Equal(("yt:video:V", "V", "C", "T"), (entry.Id, entry.YouTubeVideoId, entry.YouTubeChannelId, entry.Title));
        Assert.Equal(("http://www.youtube.com/watch?v=V", "A"), (entry.Link, entry.Authors[0]));
        Assert.Equal(new DateTimeOffset(2015, 3, 6, 21, 40, 57, TimeSpan.Zero), entry.Published);
        Assert.Equal("entry", entry.Element.Name.LocalName);
    }

    [Fact]
    public void ReadFeed_OfADeletion_GivesIt()
    {
        var feed = Notification(
                """
                <feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom">
                  <at:deleted-entry ref="yt:video:V" when="2015-04-01T19:05:24Z">
                    <link href="https://www.youtube.com/watch?v=V"/></at:deleted-entry></feed>
                """
            )
            .ReadFeed();

        var deleted = Assert.Single(feed.DeletedEntries);
        Assert.Empty(feed.Entries);
        Assert.Equal(("yt:video:V", "https://www.youtube.com/watch?v=V"), (deleted.Ref, deleted.Link));
    }

    [Theory]
    [InlineData("Mon, 06 Sep 2009 16:20:00 EST", 21)]
    [InlineData("Sun, 06 Sep 2009 16:20:00 +0000", 16)]
    public void ReadFeed_OfRss_GivesItems(string date, int hour)
    {
        var text = $"""
            <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
              <channel><title>News</title><link>https://news.example/</link>
              <link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://news.example/rss"/>
              <item><guid>1</guid><title>One</title><link>https://news.example/1</link><description>S</description>
              <content:encoded>&lt;p&gt;</content:encoded>
              <pubDate>{date.Replace("Mon", "Sun", StringComparison.Ordinal)}</pubDate></item></channel></rss>
            """;

        var feed = Notification(text).ReadFeed();

        var item = Assert.Single(feed.Entries);
        Assert.Equal(
            (WebSubFeedKind.Rss, "News", "https://news.example/", "https://news.example/rss"),
            (feed.Kind, feed.Title, feed.Link, feed.Self)
        );
        Assert.Equal(("1", "One", "https://news.example/1", "S", "<p>"), (item.Id, item.Title, item.Link, item.Summary, item.Content));
        Assert.Equal(hour, item.Published!.Value.UtcDateTime.Hour);
    }

    [Fact]
    public void ReadFeed_OfRss1_GivesItems()
    {
        var feed = Notification(
                """
                <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
                  xmlns:dc="http://purl.org/dc/elements/1.1/">
                  <channel rdf:about="c"><title>News</title></channel>
                  <item rdf:about="i"><title>One</title><dc:creator>A</dc:creator></item></rdf:RDF>
                """
            )
            .ReadFeed();

        Assert.Equal((WebSubFeedKind.Rdf, "News"), (feed.Kind, feed.Title));
        Assert.Equal(("i", "One", "A"), (feed.Entries[0].Id, feed.Entries[0].Title, feed.Entries[0].Authors[0]));
    }

    private const string Links =
        "<atom:link rel='hub' href='https://hub.example/'/><atom:link rel='self' href='https://news.example/rss'/>";

    private const string Item = "<title>One</title><link>https://news.example/1</link>";

    private const string Channel = $"<channel><title>News</title><link>https://news.example/</link>{Links}";

    private const string Names = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:atom='http://www.w3.org/2005/Atom'";

    [Theory]
    [InlineData($"<rdf:RDF {Names} xmlns='http://my.netscape.com/rdf/simple/0.9/'>{Channel}</channel><item>{Item}</item></rdf:RDF>")]
    [InlineData($"<rdf:RDF {Names} xmlns='http://channel.netscape.com/rdf/simple/0.9/'>{Channel}</channel><item>{Item}</item></rdf:RDF>")]
    [InlineData(
        $"<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'>"
            + $"<rss version='0.91'>{Channel}<item>{Item}</item></channel></rss>"
    )]
    [InlineData($"<rss version='0.91' {Names}>{Channel}</channel><item>{Item}</item></rss>")]
    [InlineData($"<rss version='0.92' {Names}>{Channel}<item>{Item}</item></channel></rss>")]
    [InlineData($"<rdf:RDF {Names} xmlns='http://purl.org/rss/1.0/'>{Channel}</channel><item>{Item}</item></rdf:RDF>")]
    [InlineData($"<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#' {Names}>{Channel}</channel><item>{Item}</item></RDF>")]
    [InlineData(
        $"<rdf:RDF {Names} xmlns:r='http://purl.org/rss/1.0/'><r:channel><r:title>News</r:title><r:link>https://news.example/</r:link>"
            + $"{Links}</r:channel><r:item><r:title>One</r:title><r:link>https://news.example/1</r:link></r:item></rdf:RDF>"
    )]
    [InlineData($"<rss version='2.00' {Names}>{Channel}<item>{Item}</item></channel></rss>")]
    [InlineData($"<rss {Names} xmlns='http://backend.userland.com/rss2'>{Channel}<item>{Item}</item></channel></rss>")]
    [InlineData($"<r:rss {Names} xmlns:r='http://backend.userland.com/rss2'>{Channel}<item>{Item}</item></channel></r:rss>")]
    [InlineData($"<rss {Names} xmlns='http://www.w3.org/2005/Atom'>{Channel}<item>{Item}</item></channel></rss>")]
    [InlineData($"<rss>{Channel}<item>{Item}</item></channel></rss>")]
    [InlineData(
        $"<rss {Names}><channel>{Links}<media:title>no</media:title><title>News</title><link>https://news.example/</link>"
            + "<item><media:title>no</media:title><dc:title>One</dc:title><guid>https://news.example/1</guid></item></channel></rss>"
    )]
    [InlineData(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title><link href='https://news.example/'/>"
            + "<link rel='http://www.iana.org/assignments/relation/hub' href='https://hub.example/'/>"
            + "<link rel=' SELF ' href='https://news.example/rss'/>"
            + "<entry><title>One</title><link href='https://news.example/1'/></entry></feed>"
    )]
    [InlineData(
        "<x:feed xmlns:x='http://www.w3.org/2005/Atom' xml:base='https://news.example/a/b'><x:title>News</x:title><x:link href='/'/>"
            + "<x:link rel='next hub' href='//hub.example/'/><x:link rel='self' href='../rss'/>"
            + "<x:entry xml:base='../x/y/'><x:title>One</x:title><x:link rel='alternate' href='../../1'/></x:entry></x:feed>"
    )]
    [InlineData(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>News</title><link rel='alternate' href='https://news.example/'/>"
            + "<link rel='hub' href='https://hub.example/'/><link rel='self' href='https://news.example/rss'/>"
            + "<entry><title mode='escaped'>One</title><link rel='alternate' href='https://news.example/1'/></entry></feed>"
    )]
    [Trait("Req", "X15")]
    public void ReadFeed_OfAnyDialect_GivesTitleLinksAndEntries(string text)
    {
        var feed = Notification(text).ReadFeed();

        var entry = Assert.Single(feed.Entries);
        Assert.Equal(("News", "https://news.example/", "https://news.example/rss"), (feed.Title, feed.Link, feed.Self));
        Assert.Equal(["https://hub.example/"], feed.Hubs);
        Assert.Equal(("One", "https://news.example/1"), (entry.Title, entry.Link));
        Assert.Null(entry.Published ?? entry.Updated ?? feed.Updated);
    }

    [Theory]
    [InlineData("<guid>https://news.example/1</guid>", "https://news.example/1")]
    [InlineData("<guid isPermaLink='true'> https://news.example/1 </guid>", "https://news.example/1")]
    [InlineData("<guid isPermaLink='False'>https://news.example/1</guid>", null)]
    [InlineData("<guid>tag:1</guid>", null)]
    [InlineData("<guid>https://news.example/2</guid><link/><atom:link href='https://news.example/1'/>", "https://news.example/1")]
    [InlineData("<link>https://news.example/1</link><guid>https://news.example/2</guid>", "https://news.example/1")]
    [InlineData("<link xml:base='https://news.example/'>1</link>", "https://news.example/1")]
    public void ReadFeed_OfAnItemWithoutLink_TakesItsPermalink(string item, string? expected)
    {
        var feed = Notification($"<rss><channel><item>{item}</item></channel></rss>").ReadFeed();

        Assert.Equal(expected, feed.Entries[0].Link);
    }

    [Theory]
    [InlineData("<pubDate/><dc:date>2018-01-23</dc:date>", true)]
    [InlineData("<pubDate>soon</pubDate><dcterms:issued>2018-01-23</dcterms:issued>", true)]
    [InlineData("<a10:published>2018-01-23T00:00:00Z</a10:published>", true)]
    [InlineData("<pubDate>soon</pubDate>", false)]
    public void ReadFeed_OfADateElsewhere_FindsIt_AndInventsNone(string item, bool hasDate)
    {
        var entry = Notification($"<rss><channel><item>{item}</item></channel></rss>").ReadFeed().Entries[0];

        Assert.Equal(hasDate ? new DateTimeOffset(2018, 1, 23, 0, 0, 0, TimeSpan.Zero) : null, entry.Published);
    }

    [Theory]
    [InlineData("&lt;p&gt;x &lt;b&gt;y&lt;/b&gt;&lt;/p&gt;")]
    [InlineData("<![CDATA[<p>x <b>y</b></p>]]>")]
    [InlineData("<p>x <b>y</b></p>")]
    [InlineData("<h:p xmlns:h='http://www.w3.org/1999/xhtml'>x <h:b>y</h:b></h:p>")]
    public void ReadFeed_OfAnItemWithHtml_GivesHtml_EscapedOrNot(string html)
    {
        var entry = Notification(
                $"<rss><channel><item><description>{html}</description><content:encoded>{html}</content:encoded></item></channel></rss>"
            )
            .ReadFeed()
            .Entries[0];

        Assert.Equal(("<p>x <b>y</b></p>", "<p>x <b>y</b></p>"), (entry.Summary, entry.Content));
    }

    [Fact]
    public void ReadFeed_OfAtom03_GivesItsDates()
    {
        var entry = Notification(
                "<feed xmlns='http://purl.org/atom/ns#'><entry><issued>2018-01-23T00:00:00Z</issued>"
                    + "<modified>2018-01-24T00:00:00Z</modified><content type='text/html' mode='escaped'>&lt;p&gt;</content></entry></feed>"
            )
            .ReadFeed()
            .Entries[0];

        Assert.Equal((23, 24, "<p>"), (entry.Published?.Day, entry.Updated?.Day, entry.Content));
    }

    [Fact]
    public void ReadXml_WithDocumentTypeDefinition_IsRefused() =>
        Assert.Throws<XmlException>(() =>
            Notification(
                    """<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed xmlns="http://www.w3.org/2005/Atom">"""
                        + """<title>&a;</title></feed>"""
                )
                .ReadFeed()
        );

    [Fact]
    public void ReadFeed_OfSomethingElse_SaysSo() =>
        Assert.Contains("html", Assert.Throws<FormatException>(() => Notification("<html/>").ReadFeed()).Message, StringComparison.Ordinal);

    [Fact]
    [Trait("Ref", "BS-6")]
    public void Contents_OnDemand_AreRead()
    {
        Assert.Equal(1, Notification("""{"a":1}""").ReadJson().GetProperty("a").GetInt32());
        Assert.Equal(new Point(1), Notification("""{"x":1}""").ReadJson<Point>());
        Assert.Equal("2 3", Notification("a=1&b=2+3").ReadForm()["b"]);
        Assert.Equal("x", Notification("<x/>").ReadXml().Root!.Name.LocalName);
        Assert.ThrowsAny<JsonException>(() => Notification("{").ReadJson());
    }

    [Fact]
    public void Text_OfCompressedBody_IsDecompressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write("grüße"u8);
        var sut = Notification("", packed.ToArray(), "gzip");

        Assert.Equal("grüße", sut.Text);
        Assert.Equal(packed.ToArray(), sut.Body.ToArray());
        Assert.Throws<InvalidDataException>(() => Notification("", packed.ToArray(), "zip").Text);
    }

    [Fact]
    public void Content_PackedAgainAndAgain_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => Notification("", [], "gzip, br, gzip, br").Content);

    [Fact]
    public void Content_ThatExplodes_IsRefused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 65; i++)
                gzip.Write(new byte[1024 * 1024]);
        }

        Assert.Throws<InvalidDataException>(() => Notification("", packed.ToArray(), "gzip").Content);
    }

    private static WebSubNotification Notification(string text, byte[]? body = null, string? encoding = null) =>
        new()
        {
            Body = body ?? Encoding.UTF8.GetBytes(text),
            Headers = encoding is null
                ? new Dictionary<string, StringValues>()
                : new Dictionary<string, StringValues> { ["Content-Encoding"] = encoding },
            Subscription = new()
            {
                Id = Guid.Empty,
                Handler = "news",
                Target = "https://news.example/",
                State = WebSubSubscriptionState.Active,
            },
            Topic = "https://news.example/",
            ReceivedAt = DateTimeOffset.UnixEpoch,
        };

    private sealed record Point(int X);
}
