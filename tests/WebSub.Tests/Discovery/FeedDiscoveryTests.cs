using System.Diagnostics;
using System.Text;
using static WebSub.Discovery.DiscoveryFixture;

namespace WebSub.Discovery;

[Trait("Req", "D4")]
public sealed class FeedDiscoveryTests
{
    private const string AtomLinks = $"<link rel=\"hub\" href=\"{Hub}\"/><link rel=\"self\" href=\"{Topic}\"/>";
    private const string RssLinks =
        $"<atom:link rel=\"hub\" href=\"{Hub}\"/><atom:link rel=\"self\" href=\"{Topic}\" type=\"application/rss+xml\"/>";
    private const string EvilEntry =
        "<entry><link rel=\"hub\" href=\"https://evil.example/\"/><link rel=\"self\" href=\"https://evil.example/t\"/></entry>";

    [Theory]
    [Trait("Req", "X16")]
    [InlineData("application/atom+xml")]
    [InlineData("application/atom+xml; type=feed; charset=utf-8")]
    [InlineData("application/xml")]
    [InlineData("text/xml")]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Discover_AtomUnderAnyType_IsFound(string? contentType)
    {
        var result = await DiscoverAsync(contentType, Atom(AtomLinks));

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(result));
    }

    [Theory]
    [InlineData("application/rss+xml")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData(null)]
    public async Task Discover_RssUnderAnyType_IsFound(string? contentType)
    {
        var result = await DiscoverAsync(contentType, Rss(RssLinks));

        Assert.Equal($"{Hub} → {Topic} (Rss, Rss)", Summary(result));
    }

    [Theory]
    [Trait("Req", "X15")]
    [InlineData(
        "<rss version='2.0'><channel><title/><link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://hub.example/'/>"
            + "<a:link xmlns:a='http://www.w3.org/2005/Atom' rel='self' href='https://blog.example/feed'/></channel></rss>",
        "Rss"
    )]
    [InlineData(
        "<rss xmlns='http://backend.userland.com/rss2'><channel xmlns:atom10='http://www.w3.org/2005/Atom'>"
            + "<atom10:link rel='self' href='https://blog.example/feed'/>"
            + "<atom10:link rel='hub' href='https://hub.example/'/></channel></rss>",
        "Rss"
    )]
    [InlineData(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' "
            + "xmlns:atom='http://www.w3.org/2005/Atom'><channel rdf:about='x'><title>t</title>"
            + "<atom:link rel='self' href='https://blog.example/feed'/><atom:link rel='hub' href='https://hub.example/'/></channel>"
            + "<item/></rdf:RDF>",
        "Rss"
    )]
    [InlineData(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:link rel='HUB' href='https://hub.example/'/>"
            + "<a:link rel='http://www.iana.org/assignments/relation/self' href='https://blog.example/feed'/></a:feed>",
        "Atom"
    )]
    [InlineData(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:atom='http://www.w3.org/2005/Atom'>"
            + "<rss:channel xmlns:rss='http://channel.netscape.com/rdf/simple/0.9/'>"
            + "<atom:link rel='self' href='https://blog.example/feed'/><atom:link rel='hub' href='https://hub.example/'/></rss:channel>"
            + "<item/></rdf:RDF>",
        "Rss"
    )]
    [InlineData(
        "<r:rss xmlns:r='http://backend.userland.com/rss2' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
            + "<atom:link rel='self' href='https://blog.example/feed'/>"
            + "<atom:link rel='hub' href='https://hub.example/'/></channel></r:rss>",
        "Rss"
    )]
    [InlineData(
        "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'http://my.netscape.com/publish/formats/rss-0.91.dtd'>"
            + "<rss version='0.91'><channel><atom:link rel='hub' href='https://hub.example/'/>"
            + "<atom:link rel='self' href='https://blog.example/feed'/></channel></rss>",
        "Rss"
    )]
    [InlineData(
        "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><link rel='hub' href='https://hub.example/'/>"
            + "<link rel='self' type='application/atom+xml' href='https://blog.example/feed'/></feed>",
        "Atom"
    )]
    [InlineData(
        "\n \n<?xml version='1.0'?>\n<!-- made by hand --><?xml-stylesheet href='x'?><feed xmlns='http://www.w3.org/2005/Atom'>"
            + "<link rel='hub' href='https://hub.example/'/><link rel='self' href='https://blog.example/feed'/></feed>",
        "Atom"
    )]
    public async Task Discover_LinksByNamespace_AreFound(string feed, string source)
    {
        var result = await DiscoverAsync("text/xml", feed);

        Assert.Equal($"{Hub} → {Topic} ({source}, {source})", Summary(result));
    }

    [Theory]
    [InlineData(
        "<rss version='2.0'><channel><link rel='hub' href='https://evil.example/'/>"
            + "<link rel='self' href='https://evil.example/t'/></channel></rss>"
    )]
    [InlineData(
        "<rss version='2.0' xmlns:atom='urn:other'><channel><atom:link rel='hub' href='https://evil.example/'/>"
            + "<atom:link rel='self' href='https://evil.example/t'/></channel></rss>"
    )]
    [InlineData("<feed><link rel='hub' href='https://evil.example/'/><link rel='self' href='https://evil.example/t'/></feed>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'>" + EvilEntry + "</feed>")]
    [InlineData(
        "<feed xmlns='http://www.w3.org/2005/Atom'><author><link rel='hub' href='https://evil.example/'/>"
            + "<link rel='self' href='https://evil.example/t'/></author></feed>"
    )]
    [InlineData(
        "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><item><atom:link rel='hub' href='https://evil.example/'/>"
            + "<atom:link rel='self' href='https://evil.example/t'/></item></channel></rss>"
    )]
    [InlineData(
        "<rss xmlns:atom='http://www.w3.org/2005/Atom'><atom:link rel='hub' href='https://evil.example/'/>"
            + "<atom:link rel='self' href='https://evil.example/t'/><channel/></rss>"
    )]
    [InlineData("<opml xmlns:atom='http://www.w3.org/2005/Atom'><atom:link rel='hub' href='https://evil.example/'/></opml>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'><!-- <link rel='hub' href='https://evil.example/'/> --></feed>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'/>")]
    public async Task Discover_LinksElsewhere_DoNotCount(string feed)
    {
        var result = await DiscoverAsync("application/xml", feed);

        Assert.Equal(DiscoveryError.NoLinks, result.Error);
    }

    [Fact]
    public async Task Discover_LinksBelowTheEntries_AreFoundToo()
    {
        var result = await DiscoverAsync("application/atom+xml", Atom("", EvilEntry + EvilEntry + AtomLinks));

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(result));
    }

    [Theory]
    [Trait("Req", "D13")]
    [InlineData("", "", "feed", "/dir/feed")]
    [InlineData("xml:base='/root/'", "", "feed", "/root/feed")]
    [InlineData("xml:base='/root/'", "xml:base='sub/'", "%7Efeed", "/root/sub/%7Efeed")]
    public async Task Discover_RelativeHref_FollowsXmlBase(string feedBase, string linkBase, string href, string expected)
    {
        var feed =
            $"<feed xmlns='http://www.w3.org/2005/Atom' {feedBase}><link rel='hub' href='{Hub}'/>"
            + $"<link {linkBase} rel='self' href='{href}'/></feed>";
        await using var peer = await HttpPeer.ServeAsync("application/atom+xml", feed);

        var result = await Finder.DiscoverAsync(peer.Url + "/dir/page");

        Assert.Equal(peer.Url + expected, result.Self?.Url);
    }

    [Theory]
    [InlineData("application/atom+xml; charset=windows-1251", "windows-1251", "utf-8")]
    [InlineData("application/atom+xml", "windows-1251", "windows-1251")]
    [InlineData("application/atom+xml", "iso-8859-5", "ISO-8859-5")]
    [InlineData("text/xml", "utf-8", "utf-8")]
    [InlineData("text/xml", "utf-8", "utf-16")]
    [InlineData("text/xml", "utf-8", "bogus")]
    [InlineData("text/xml; charset=windows-1251", "utf-8-bom", "windows-1251")]
    [InlineData("text/xml", "utf-16-bom", "utf-16")]
    [InlineData("text/xml", "utf-16BE-bom", "utf-16")]
    [InlineData("text/xml", "utf-16", "utf-16")]
    [InlineData("text/xml", "utf-16BE", "utf-16BE")]
    public async Task Discover_AnyCharset_IsDecoded(string contentType, string charset, string declared)
    {
        var withMark = charset.EndsWith("-bom", StringComparison.Ordinal);
        var name = charset.Replace("-bom", "", StringComparison.Ordinal);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var feed =
            $"<?xml version='1.0' encoding='{declared}'?><feed xmlns='http://www.w3.org/2005/Atom'><link rel='hub' href='{Hub}'/>"
            + "<link rel='self' href='https://blog.example/лента'/></feed>";
        byte[] body = [.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(feed)];

        var result = await DiscoveryFixture.DiscoverAsync(contentType, body);

        Assert.Equal("https://blog.example/лента", result.Self?.Url);
    }

    [Theory]
    [InlineData(
        "<!DOCTYPE feed [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
            + "<feed xmlns='http://www.w3.org/2005/Atom'>&b;</feed>"
    )]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'http://127.0.0.1/'>]><feed xmlns='http://www.w3.org/2005/Atom'>&e;</feed>")]
    public async Task Discover_Declarations_AreRefusedByName(string feed)
    {
        var result = await DiscoverAsync("application/atom+xml", feed);

        Assert.Equal(DiscoveryError.InvalidXml, result.Error);
        Assert.Contains("document type declaration", result.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "its XML is empty")]
    [InlineData("no XML at all", "its XML cannot be read (line 1, position 1)")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'><title>", "its XML cannot be read")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'><title>&nbsp;</title>", "its XML cannot be read")]
    [InlineData(
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='https://blog.example/feed'/><oops></feed>",
        "its XML cannot be read"
    )]
    public async Task Discover_BrokenXml_SaysSo(string feed, string expected)
    {
        var result = await DiscoverAsync("application/atom+xml", feed);

        Assert.Equal(DiscoveryError.InvalidXml, result.Error);
        Assert.Contains(expected, result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_EntryBroken_LinksAboveItCount()
    {
        var complete = await DiscoverAsync("application/atom+xml", Atom(AtomLinks, "<entry>&nbsp;</oops>"));
        var withoutHub = await DiscoverAsync("application/atom+xml", Atom($"<link rel='self' href='{Topic}'/>", "<entry>&nbsp;</oops>"));

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(complete));
        Assert.Equal(DiscoveryError.NoHub, withoutHub.Error);
    }

    [Theory]
    [InlineData("<?xml version='1.1'?>")]
    [InlineData("<?xml version='1.0'?>\n<!DOCTYPE feed SYSTEM 'file:///etc/passwd'>\n")]
    [InlineData("\ufeff\ufeff<?xml version='1.0'?>")]
    [InlineData("\n \ufeff<?xml version='1.0'?>")]
    [InlineData("<br />\n<b>Warning</b>: include(): failed<br />\n<?xml version='1.0'?>")]
    [InlineData("Notice: x in y.php on line 3\n")]
    [InlineData("<br>\n<b>Warning</b>: x in <b>y.php</b> on line <b>3</b><br>\n<?xml version='1.0'?>")]
    [InlineData("<b>Warning</b>: x in <font size=1>y.php</font><br />\n")]
    [InlineData("<table class=xdebug><tr><th>( ! )</table><?xml\nversion='1.0'?>")]
    [InlineData("<!-- cached --><?xml version='1.0'?>")]
    public async Task Discover_BehindWhatDoesNotBelongThere_IsFound(string start)
    {
        var result = await DiscoverAsync("application/atom+xml", start + Atom(AtomLinks) + "\n<!-- 0.1 s -->0\0\0");

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(result));
    }

    [Fact]
    public async Task Discover_CutOffBelowTheLinks_IsEnough()
    {
        var result = await DiscoverAsync("application/atom+xml", Atom(AtomLinks + "<subtitle>")[..^12]);

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(result));
    }

    public static TheoryData<string, string, string> HostileFeeds =>
        new()
        {
            { "nested elements", "", "<a>" },
            { "nested outlines in a title", "<title>", "<a>" },
            { "attributes", "<link ", "a{0}='' " },
            { "namespaces", "", "<a xmlns:n{0}='urn:{0}'>" },
            { "long text", "<title>", "aaaaaaaa" },
            { "comments", "", "<!-- -->" },
            { "cdata", "<title>", "<![CDATA[x]]>" },
            { "links", "", "<link rel='hub' href='https://a.example/'/>" },
            { "entries", "", "<entry/>" },
            { "character references", "<title>", "&#x26;" },
        };

    [Theory]
    [MemberData(nameof(HostileFeeds))]
    public async Task Discover_AMegabyteOfHostileXml_ComesBackQuickly(string what, string start, string piece)
    {
        var feed = new StringBuilder("<feed xmlns='http://www.w3.org/2005/Atom'>").Append(start);
        for (var i = 0; feed.Length < 1_000_000; i++)
            feed.Append(piece.Replace("{0}", i.ToString(), StringComparison.Ordinal));
        var watch = Stopwatch.StartNew();

        var result = await DiscoverAsync("application/atom+xml", feed.ToString());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{what}: {watch.Elapsed}");
        Assert.False(result.IsSuccess);
    }

    [Fact]
    public async Task Discover_LargeFeed_NeedsOnlyItsHead()
    {
        var entries = string.Concat(Enumerable.Repeat("<entry><title>x</title></entry>", 100_000));

        var found = await DiscoverAsync("application/atom+xml", Atom(AtomLinks, entries));
        var without = await DiscoverAsync("application/atom+xml", Atom($"<link rel='hub' href='{Hub}'/>", entries));

        Assert.Equal($"{Hub} → {Topic} (Atom, Atom)", Summary(found));
        Assert.Equal(DiscoveryError.NoSelf, without.Error);
    }

    [Fact]
    public async Task Discover_HeadBeyondTheLimit_IsTooLarge()
    {
        var result = await DiscoverAsync("application/atom+xml", Atom($"<subtitle>{new string('x', 2_000_000)}</subtitle>{AtomLinks}"));

        Assert.Equal(DiscoveryError.TooLarge, result.Error);
    }

    [Fact]
    public async Task Discover_MutatedDocuments_NeverThrow()
    {
        var random = new Random(20180123);
        string[] seeds =
        [
            Atom(AtomLinks, EvilEntry),
            Rss(RssLinks),
            Html($"<base href=/x/><meta charset=utf-8><link rel=hub href={Hub}><link rel=self href={Topic}>"),
        ];
        byte[] bodies = [];
        await using var peer = await HttpPeer.StartAsync(async context =>
        {
            context.Response.ContentType = context.Request.Path == "/xml" ? "text/xml" : null;
            await context.Response.Body.WriteAsync(bodies);
        });

        for (var round = 0; round < 1500; round++)
        {
            var seed = Encoding.UTF8.GetBytes(seeds[round % seeds.Length]);
            for (var edits = random.Next(1, 12); edits > 0; edits--)
                seed[random.Next(seed.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : seed[random.Next(seed.Length)];
            bodies = seed[..random.Next(seed.Length + 1)];

            var result = await Finder.DiscoverAsync(peer.Url + (random.Next(2) == 0 ? "/xml" : "/any"));

            Assert.True(
                result.IsSuccess == (result.Hubs.Count > 0 && result.Self is not null)
                    || result.Error is DiscoveryError.SeveralSelfs or DiscoveryError.InvalidXml,
                result.Explanation
            );
        }
    }
}
