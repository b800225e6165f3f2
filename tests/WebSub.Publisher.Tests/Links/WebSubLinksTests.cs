using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Discovery;

namespace WebSub.Publisher.Links;

public sealed class WebSubLinksTests
{
    private static readonly WebSubLinks Links = new(
        ["https://hub.example/?a=1&b=2", "https://other.example/"],
        "https://blog.example/feed?x=\"<é>"
    );

    [Fact]
    [Trait("Req", "D5")]
    public void ToHtml_Links_AreEncoded() =>
        Assert.Equal(
            "<link rel=\"hub\" href=\"https://hub.example/?a=1&amp;b=2\"><link rel=\"hub\" href=\"https://other.example/\">"
                + "<link rel=\"self\" href=\"https://blog.example/feed?x=%22%3C%C3%A9%3E\">",
            Links.ToHtml()
        );

    [Theory]
    [Trait("Req", "D4")]
    [InlineData(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><link rel='self' href='e'/></entry></feed>",
        LinkSource.Atom
    )]
    [InlineData(
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='old'/><link rel='hub' href='old'/>"
            + "<link rel='alternate' href='/'/></feed>",
        LinkSource.Atom
    )]
    [InlineData("<a:feed xmlns:a='http://www.w3.org/2005/Atom'/>", LinkSource.Atom)]
    [InlineData("<rss version='2.0'><channel><title>x</title><link>https://blog.example/</link><item/></channel></rss>", LinkSource.Rss)]
    [InlineData(
        "<rss version='2.0' xmlns:x='http://www.w3.org/2005/Atom'><channel><x:link rel='self' href='old'/></channel></rss>",
        LinkSource.Rss
    )]
    [InlineData(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel/><item/></rdf:RDF>",
        LinkSource.Rss
    )]
    public async Task AddTo_Feed_IsThenDiscovered(string feed, LinkSource source)
    {
        var document = XDocument.Parse(feed);
        var links = new WebSubLinks([PublisherApp.Hub], "https://blog.example/feed?a=1&b=2");

        links.AddTo(document);

        await using var peer = await HttpPeer.ServeAsync("application/xml", document.ToString());
        var result = await new TopicDiscovery(HttpPeer.Client).DiscoverAsync(peer.Url);
        Assert.Equal([new DiscoveredLink(PublisherApp.Hub, source)], result.Hubs);
        Assert.Equal(new DiscoveredLink(links.Self, source), result.Self);
        Assert.DoesNotContain("\"old\"", document.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "D4")]
    [InlineData(
        "",
        "feed",
        "http://www.w3.org/2005/Atom",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"hub\" href=\"https://hub.example/?a=1&amp;b=2\" />"
    )]
    [InlineData(
        "",
        "rss",
        "",
        "<rss><atom:link rel=\"hub\" href=\"https://hub.example/?a=1&amp;b=2\" xmlns:atom=\"http://www.w3.org/2005/Atom\" />"
    )]
    [InlineData(
        "a",
        "feed",
        "http://www.w3.org/2005/Atom",
        "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:link rel=\"hub\" href=\"https://hub.example/?a=1&amp;b=2\" />"
    )]
    public async Task WriteTo_AnyWriter_WritesTheLinksThere(string prefix, string root, string ns, string start)
    {
        var (sync, async) = (new StringBuilder(), new StringBuilder());
        var settings = new XmlWriterSettings { OmitXmlDeclaration = true, Async = true };

        await using (var writer = XmlWriter.Create(sync, settings))
        {
            writer.WriteStartElement(prefix, root, ns);
            Links.WriteTo(writer);
        }

        await using (var writer = XmlWriter.Create(async, settings))
        {
            await writer.WriteStartElementAsync(prefix, root, ns);
            await Links.WriteToAsync(writer);
        }

        Assert.StartsWith(start, sync.ToString(), StringComparison.Ordinal);
        Assert.Equal(sync.ToString(), async.ToString());
        Assert.Equal(["hub", "hub", "self"], XDocument.Parse(sync.ToString()).Root!.Elements().Select(e => e.Attribute("rel")!.Value));
    }

    [Fact]
    public void AddTo_RssFeed_UsesAPrefix()
    {
        var document = XDocument.Parse("<rss><channel/></rss>");

        new WebSubLinks([], "https://blog.example/feed").AddTo(document);

        Assert.Equal(
            "<rss xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>"
                + "<atom:link rel=\"self\" href=\"https://blog.example/feed\" /></channel></rss>",
            document.ToString(SaveOptions.DisableFormatting)
        );
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("<rss/>")]
    [InlineData("<opml><channel/></opml>")]
    public void AddTo_NoFeed_IsMisuse(string document) => Assert.Throws<ArgumentException>(() => Links.AddTo(XDocument.Parse(document)));

    [Theory]
    [InlineData(
        null,
        "<link rel=\"hub\" href=\"https://hub.example/\"><link rel=\"self\" href=\"https://blog.example/base/page?a=b&amp;c\">"
    )]
    [InlineData(
        "https://blog.example/feed",
        "<link rel=\"hub\" href=\"https://hub.example/\"><link rel=\"self\" href=\"https://blog.example/feed\">"
    )]
    [InlineData(
        "/für/feed",
        "<link rel=\"hub\" href=\"https://hub.example/\"><link rel=\"self\" href=\"https://blog.example/base/f%C3%BCr/feed\">"
    )]
    [InlineData(null, "", 404)]
    [InlineData("/feed", "", 500)]
    public void TagHelper_InAPage_WritesTheLinks(string? self, string expected, int status = 200)
    {
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddWebSubPublisher(o => o.Hubs.Add(PublisherApp.Hub))
            .Services;
        var context = new DefaultHttpContext { RequestServices = services.BuildServiceProvider() };
        (context.Request.Scheme, context.Request.Host, context.Request.PathBase, context.Request.Path, context.Request.QueryString) = (
            "https",
            new("blog.example"),
            "/base",
            "/page",
            new("?a=b&c")
        );
        context.Response.StatusCode = status;
        var output = new TagHelperOutput("websub-links", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));

        new WebSubLinksTagHelper
        {
            Self = self,
            ViewContext = new ViewContext { HttpContext = context },
        }.Process(new([], new Dictionary<object, object>(), "1"), output);

        using var text = new StringWriter(new StringBuilder());
        output.WriteTo(text, System.Text.Encodings.Web.HtmlEncoder.Default);
        Assert.Equal(expected, text.ToString());
        // The header says the same.
        if (self is not null && status == 200)
            Assert.Contains(context.GetWebSubLinks().Self, expected, StringComparison.Ordinal);
    }
}
