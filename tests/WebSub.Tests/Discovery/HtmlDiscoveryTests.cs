using System.Diagnostics;
using System.Text;
using static WebSub.Discovery.DiscoveryFixture;

namespace WebSub.Discovery;

[Trait("Req", "D5")]
public sealed class HtmlDiscoveryTests
{
    private const string Links = $"<link rel=hub href={Hub}><link rel=self href={Topic}>";

    [Theory]
    [InlineData("<link rel=\"hub\" href=\"https://hub.example/\"><link rel=\"self\" href=\"https://blog.example/feed\">")]
    [InlineData("<LINK REL='HUB' HREF='https://hub.example/'><link href=https://blog.example/feed rel=Self />")]
    [InlineData(
        "<link rel='stylesheet hub' href=' https://hub.example/ '><link rel='self\n alternate' href='\nhttps://blog.example/feed\t'>"
    )]
    [InlineData(
        "<link rel=next href=/2><link rel=hub><link rel=hub href=''><link rel=hub href=https://hub.example/>"
            + "<link rel=self href=https://blog.example/feed>"
    )]
    [InlineData(
        "<noscript><link rel=hub href=https://hub.example/></noscript><script>'<link rel=hub href=x>'</script>"
            + "<link rel=self href=https://blog.example/feed>"
    )]
    [InlineData(
        "<!-- <link rel=hub href=https://evil.example/> --><link rel=hub href=https:&#x2f;/hub.example/>"
            + "<link rel=self href=https://blog.example/feed>"
    )]
    public async Task Discover_LinksInHead_AreFound(string head)
    {
        var result = await DiscoverAsync("text/html; charset=utf-8", Html(head));

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xhtml+xml")]
    [InlineData("application/xml")]
    [InlineData("TEXT/HTML;charset=UTF-8")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Discover_PageUnderAnyType_IsReadAsHtml(string? contentType)
    {
        var page =
            "<?xml version=\"1.0\"?>\n<!-- hi -->\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
            + $"\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\n<html><head><link rel=\"hub\" href=\"{Hub}\" />"
            + $"<link rel=\"self\" href=\"{Topic}\" /></head><body/></html>";

        var result = await DiscoverAsync(contentType, page);

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Theory]
    [Trait("Req", "D13")]
    [InlineData("", "feed", "/dir/feed")]
    [InlineData("", "", "/dir/page")]
    [InlineData("<base href=/base/>", "feed", "/base/feed")]
    [InlineData("<base target=_top><base href=../other/><base href=/third/>", "./%7Efeed", "/other/%7Efeed")]
    [InlineData("<base href=''>", "feed", "/dir/feed")]
    [InlineData("<base href='?x'>", "feed", "/dir/feed")]
    [InlineData("<base href=' /my base/\n'>", "feed", "/my%20base/feed")]
    [InlineData("<base href='javascript:0'>", "feed", "/dir/feed")]
    [InlineData("<base href='data:text/html,x'>", "feed", "/dir/feed")]
    [InlineData("<noscript><base href=/base/></noscript>", "feed", "/base/feed")]
    [InlineData("<template><base href=/base/></template>", "feed", "/dir/feed")]
    [InlineData("", "a b\tc\nd%zz%20é|e\\f?g h\\i", "/dir/a%20bcd%zz%20é|e/f?g%20h%5Ci")]
    public async Task Discover_RelativeHref_FollowsThePagesBase(string head, string href, string expected)
    {
        await using var peer = await HttpPeer.ServeAsync(
            "text/html",
            Html($"{head}<link rel=hub href={Hub}><link rel=self href='{href}'>")
        );

        var result = await Finder.DiscoverAsync(peer.Url + "/dir/page");

        Assert.Equal(peer.Url + expected, result.Self?.Url);
    }

    [Theory]
    [Trait("Req", "D6")]
    [InlineData("<body><link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t>")]
    [InlineData("<head></head><p>comment</p><link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t>")]
    [InlineData("<head><div></div><link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t></head>")]
    [InlineData("<head><template><link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t></template></head>")]
    [InlineData("<head><title><link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t></title></head>")]
    [InlineData("<head></head><body><a rel=hub href=https://evil.example/></a><a rel=self href=https://evil.example/t></a>")]
    public async Task Discover_LinksOutsideTheHead_DoNotCount(string page)
    {
        var result = await DiscoverAsync("text/html", "<!doctype html><html>" + page);

        Assert.Equal(DiscoveryError.NoLinks, result.Error);
    }

    [Theory]
    [InlineData("text/html; charset=windows-1251", "windows-1251", "")]
    [InlineData("text/html; Charset=\"windows-1251\"", "windows-1251", "")]
    [InlineData("text/html", "windows-1251", "<meta charset=\"windows-1251\">")]
    [InlineData("text/html", "windows-1251", "<META http-equiv=Content-Type content='text/html; charset=windows-1251'>")]
    [InlineData("text/html", "utf-8", "")]
    [InlineData("text/html; charset=bogus", "utf-8", "")]
    [InlineData("text/html", "utf-8", "<meta charset=utf-16>")]
    [InlineData("text/html; charset=utf-8", "utf-8", "<meta charset=windows-1251>")]
    [InlineData("text/html; charset=windows-1251", "utf-8-bom", "")]
    [InlineData("text/html", "utf-16-bom", "")]
    [InlineData("text/html", "utf-16BE-bom", "<meta charset=windows-1251>")]
    public async Task Discover_AnyCharset_IsDecoded(string contentType, string charset, string head)
    {
        var withMark = charset.EndsWith("-bom", StringComparison.Ordinal);
        var name = charset.Replace("-bom", "", StringComparison.Ordinal);
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var page = Html($"{head}<link rel=hub href={Hub}><link rel=self href=https://blog.example/лента>");
        byte[] body = [.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(page)];

        var result = await DiscoverAsync(contentType, body);

        Assert.Equal("https://blog.example/лента", result.Self?.Url);
    }

    public static TheoryData<string, string, string> HostilePages =>
        new()
        {
            { "nested div", "<div>", "" },
            { "nested head div", "<html><head><div>", "<div>" },
            { "nested template", "<head>", "<template>" },
            { "nested noscript", "<head>", "<noscript>" },
            { "nested svg", "<head>", "<svg>" },
            { "nested table", "<head>", "<table>" },
            { "unclosed comment", "<head>", "<!--" },
            { "unclosed script", "<head>", "<script>" },
            { "many metas", "<head>", "<meta charset=>" },
            { "many links", "<head>", "<link rel=hub href=https://a.example>" },
            { "many attributes", "<head><link ", " a" },
            { "many different attributes", "<head><link ", " a{0}" },
            { "many different attributes of html", "", "<html a{0}>" },
            { "unclosed attribute", "<head><link rel=\"", "hub " },
            { "formatting", "<head>", "<b><p>" },
            { "entities", "<head><title>", "&amp" },
            { "declarations", "", "<?xml <!--" },
        };

    [Theory]
    [MemberData(nameof(HostilePages))]
    public async Task Discover_AMegabyteOfHostileHtml_ComesBackQuickly(string what, string start, string piece)
    {
        var page = new StringBuilder(start);
        for (var i = 0; page.Length < 1_000_000; i++)
            page.Append((piece.Length == 0 ? start : piece).Replace("{0}", i.ToString(), StringComparison.Ordinal));
        var watch = Stopwatch.StartNew();

        var result = await DiscoverAsync("text/html", page.ToString());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{what}: {watch.Elapsed}");
        Assert.False(result.IsSuccess);
    }

    [Theory]
    [InlineData(64, DiscoveryError.None)]
    [InlineData(65, DiscoveryError.TooLarge)]
    public async Task Discover_ManyLinks_EndsAtTheLimit(int links, DiscoveryError expected)
    {
        var head = string.Concat(Enumerable.Range(1, links - 1).Select(i => $"<link rel=hub href=https://h{i}.example/>"));

        var result = await DiscoverAsync("text/html", Html($"{head}<link rel=self href={Topic}>"));

        Assert.Equal(expected, result.Error);
        Assert.Equal(
            expected != DiscoveryError.None,
            result.Explanation.Contains("has more than 64 link elements", StringComparison.Ordinal)
        );
        Assert.Equal(expected == DiscoveryError.None ? 32 : 0, result.Hubs.Count);
    }

    [Theory]
    [InlineData("<noscript><img src=//t.example/></noscript>")]
    [InlineData("<noscript><iframe></iframe></noscript>")]
    [InlineData("<noscript>Please enable scripts<div></div></noscript>")]
    [InlineData("<template><div><p></div></template>")]
    [InlineData("<script>document.write('<body>')</script>")]
    [InlineData("</head>")]
    [InlineData("</head>\n<!-- x -->")]
    [InlineData("<noscript><style>p{}</style><link rel=stylesheet href=x></noscript>")]
    [InlineData("<noscript><p>Please <a href=x>enable</a> scripts</p></noscript><meta name=x>")]
    [InlineData("<template><svg><title>x</title></svg><script>'</template>'</script></template>")]
    [InlineData("<!--[if lt IE 9]><body><![endif]--><![if !IE]><meta name=x><![endif]>")]
    [InlineData("<script><!-- <script> </script> <body> --></script>")]
    [InlineData("<script type='text/javascript'>//<![CDATA[\nx('</head><body>')\n//]]></script>")]
    [InlineData("<style><![CDATA[ p > a {} </head> ]]></style><bgsound src=x><noframes><body></noframes>")]
    [InlineData("<head><html lang=x></p></div><title>y</title>")]
    public async Task Discover_WhatBrowsersKeepInTheHead_DoesNotEndIt(string before)
    {
        var result = await DiscoverAsync("text/html", Html(before + Links));

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Theory]
    [InlineData("<noscript><img>" + Links + "</noscript>")]
    [InlineData("<noscript></head><body>" + Links)]
    [InlineData("<svg></svg>" + Links)]
    [InlineData("<object></object>" + Links)]
    [InlineData("x" + Links)]
    [InlineData("</body>" + Links)]
    public async Task Discover_LinksBelowWhatEndsTheHead_DoNotCount(string head)
    {
        var result = await DiscoverAsync("text/html", Html(head));

        Assert.Equal(DiscoveryError.NoLinks, result.Error);
    }

    [Theory]
    [InlineData("<title/>")]
    [InlineData("<title>x&nbsp;y</title><script src='a.js'/>")]
    [InlineData("<style/>")]
    [InlineData("<script>//<![CDATA[\nif (a < b && c) x('</head>')\n//]]></script>")]
    [InlineData("<style type='text/css'>/*<![CDATA[*/ </head> /*]]>*/</style>")]
    [InlineData("<noscript><img src='x'/></noscript><a:link xmlns:a='urn:x' rel='self' href='https://evil.example/'/>")]
    public async Task Discover_XhtmlAsXml_FollowsXmlsRules(string before)
    {
        static string Page(string before, string p, string declaration) =>
            $"<?xml version='1.0'?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x.dtd\">"
            + $"<{p}html {declaration}='http://www.w3.org/1999/xhtml'><{p}head>{before}<{p}base href='/b/'/>"
            + $"<{p}link rel='hub' href='{Hub}'/><{p}link rel='self' href='{Topic}'/></{p}head><{p}body/></{p}html>";

        var usual = await DiscoverAsync("application/xhtml+xml", Page(before, "", "xmlns"));
        var prefixed = await DiscoverAsync("application/xhtml+xml; charset=utf-8", Page("", "h:", "xmlns:h"));

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(usual));
        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(prefixed));
    }

    [Theory]
    [InlineData("<title>x</title>")]
    [InlineData("<script type='text/javascript' src='a.js'></script><meta name='x' content='y' />")]
    [InlineData("<style type='text/css'>/*<![CDATA[*/ p > a {} /*]]>*/</style>")]
    public async Task Discover_XhtmlAsHtml_FollowsHtmlsRules(string before)
    {
        var page =
            "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"x.dtd\">\n"
            + $"<html xmlns='http://www.w3.org/1999/xhtml' xml:lang='en'><head>{before}<link rel='hub' href='{Hub}' />"
            + $"<link rel='self' href='{Topic}' /></head><body /></html>";

        var result = await DiscoverAsync("text/html", page);

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Fact]
    public async Task Discover_ASpaceInAReference_IsPercentEncoded()
    {
        var result = await DiscoverAsync(
            "text/html",
            Html($"<link rel=hub href={Hub}><link rel=self href=' https://blog.example/my feed'>")
        );

        Assert.Equal("https://blog.example/my%20feed", result.Self?.Url);
    }

    [Fact]
    public async Task Discover_LargePageWithLinksInFront_IsEnough()
    {
        var result = await DiscoverAsync("text/html", Html(Links, new string('x', 2_000_000)));

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Fact]
    public async Task Discover_LargePageWithAWholeHeadAndNoLinks_OffersNothing()
    {
        var result = await DiscoverAsync("text/html", Html("", new string('x', 2_000_000)));

        Assert.Equal(DiscoveryError.NoLinks, result.Error);
    }

    [Fact]
    public async Task Discover_HeadBeyondTheLimit_IsTooLarge()
    {
        var result = await DiscoverAsync("text/html", Html($"<style>{new string('x', 5000)}</style>{Links}"), new() { MaxBytes = 4000 });

        Assert.Equal(DiscoveryError.TooLarge, result.Error);
        Assert.Contains("4000 bytes", result.Explanation, StringComparison.Ordinal);
    }

    private static Task<DiscoveryResult> DiscoverAsync(string? contentType, string body, DiscoveryOptions? options = null) =>
        DiscoveryFixture.DiscoverAsync(contentType, Encoding.UTF8.GetBytes(body), options);

    private static Task<DiscoveryResult> DiscoverAsync(string? contentType, byte[] body) =>
        DiscoveryFixture.DiscoverAsync(contentType, body, null);
}
