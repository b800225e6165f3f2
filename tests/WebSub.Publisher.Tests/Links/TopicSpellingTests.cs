using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace WebSub.Publisher.Links;

/// <summary>Hubs compare topics byte for byte: what a page advertises and what hubs are told must be the same string.</summary>
public sealed partial class TopicSpellingTests
{
    private const string PublicUrl = "https://blog.example";

    [Theory]
    [Trait("Req", "D3")]
    [InlineData("/feed", "/feed", "/feed")]
    [InlineData("/", "/", "/")]
    [InlineData("/f%C3%BCr/feed", "/für/feed", "/f%C3%BCr/feed")]
    [InlineData("/f%c3%bcr/feed", "/f%c3%bcr/feed", "/f%C3%BCr/feed")]
    [InlineData("/feed?tag=%E6%97%A5%E6%9C%AC", "/feed?tag=日本", "/feed?tag=%E6%97%A5%E6%9C%AC")]
    [InlineData("/say%22hi%22", "/say\"hi\"", "/say%22hi%22")]
    [InlineData("/a%3Cb%3E", "/a<b>", "/a%3Cb%3E")]
    [InlineData("/what%3F", "/what%3F", "/what%3F")]
    [InlineData("/%7Eme/feed", "/%7Eme/feed", "/~me/feed")]
    [InlineData("/~me/feed", "/%7eme/feed", "/~me/feed")]
    [InlineData("/%7Eme/feed", "/~me/feed", "/~me/feed")]
    [InlineData("/100%25", "/100%", "/100%25")]
    [InlineData("/100%2541", "/100%2541", "/100%2541")]
    [InlineData("/a%2Fb", "/a%2fb", "/a%2Fb")]
    [InlineData("/a%5B1%5D/%7Bx%7D", "/a[1]/{x}", "/a%5B1%5D/%7Bx%7D")]
    [InlineData("/a!$&'()*+,;=:@b", "/a%21$&'()*+,;=:@b", "/a!$&'()*+,;=:@b")]
    [InlineData("/caf%E9", "/caf%E9", "/caf%E9")]
    [InlineData("/%F0%9F%8C%8A", "/🌊", "/%F0%9F%8C%8A")]
    [InlineData("/feed?z=%7Ea&b=%26%2f&a[]=1", "/feed?z=%7Ea&b=%26%2f&a[]=1", "/feed?z=%7Ea&b=%26%2f&a[]=1")]
    [InlineData("/feed?q=%22x%22%20y", "/feed?q=\"x\" y", "/feed?q=%22x%22%20y")]
    [InlineData("/feed?x=1", PublicUrl + "/feed?x=1", "/feed?x=1")]
    [InlineData("/%7Eme", PublicUrl + "/%7Eme", "/~me")]
    public async Task Topic_HoweverItIsWritten_IsAdvertisedAndToldAlike(string requested, string published, string expected)
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(
            hub,
            a => a.MapGet("/{**rest}", (HttpContext c) => c.GetWebSubLinks().ToHtml()).WithWebSubLinks()
        );

        var (header, element) = await AdvertisedAsync(app, requested);
        await app.Publisher.PublishAsync(published);

        Assert.Equal((PublicUrl + expected, PublicUrl + expected, PublicUrl + expected), (header, element, (await hub.NextTopicAsync())!));
    }

    [Theory]
    [InlineData("/größe.json?a=1&b=2", PublicUrl + "/gr%C3%B6%C3%9Fe.json?a=1&b=2")]
    [InlineData("/%7Ename", PublicUrl + "/~name")]
    [InlineData("https://other.example/%7Eä?x=\"%7E\"", "https://other.example/%7E%C3%A4?x=%22%7E%22")]
    [InlineData("https://bücher.example/x", "https://xn--bcher-kva.example/x")]
    [InlineData("https://BLOG.example:443/%41", "https://BLOG.example:443/%41")]
    public async Task Topic_ThatTheAppNames_IsAdvertisedAndToldAlike(string self, string expected)
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(
            hub,
            a =>
                a.MapGet(
                        "/named",
                        (HttpContext c) =>
                        {
                            c.SetWebSubSelf(self);
                            return c.GetWebSubLinks().ToHtml();
                        }
                    )
                    .WithWebSubLinks()
        );

        var (header, element) = await AdvertisedAsync(app, "/named");
        await app.Publisher.PublishAsync(self);

        Assert.Equal((expected, expected, expected), (header, element, (await hub.NextTopicAsync())!));
    }

    [Fact]
    public async Task Topic_OfPublicUrlInOtherLetters_IsWrittenAsDnsHasIt()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await PublisherApp.StartAsync(
            a => a.MapGet("/feed", (HttpContext c) => c.GetWebSubLinks().ToHtml()).WithWebSubLinks(),
            o => (o.PublicUrl, o.Hubs) = (new("https://bücher.example/größe/"), [hub.Url])
        );

        var (header, element) = await AdvertisedAsync(app, "/feed");
        await app.Publisher.PublishAsync("/feed");

        const string Expected = "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe/feed";
        Assert.Equal((Expected, Expected, Expected), (header, element, (await hub.NextTopicAsync())!));
    }

    [Theory]
    [InlineData("a topic that is no URL <ü>")]
    [InlineData("urn:example:%7E\"")]
    public async Task Topic_ThatIsNoUrl_IsToldAsItIs(string topic)
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await StartAsync(hub, _ => { });

        await app.Publisher.PublishAsync(topic);

        Assert.Equal(topic, await hub.NextTopicAsync());
    }

    [Fact]
    public async Task Hub_OfTopicsInLetters_IsToldOfThem()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await PublisherApp.StartAsync(
            _ => { },
            o => (o.PublicUrl, o.Hubs) = (new(PublicUrl), [new(hub.Url) { Topics = ["https://blog.example/für/*"] }])
        );

        await app.Publisher.PublishAsync("/für/feed");

        Assert.Equal("https://blog.example/f%C3%BCr/feed", await hub.NextTopicAsync());
    }

    /// <summary>The first snippet of docs/guides/publishing.md: no setting says where the app is.</summary>
    [Fact]
    public async Task Publish_PathWhileARequestIsAnswered_IsBelowWhatThatRequestCallsTheApp()
    {
        await using var hub = await HubPeer.StartAsync(202);
        await using var app = await PublisherApp.StartAsync(
            a =>
            {
                a.UsePathBase("/blog");
                a.UseRouting();
                a.MapGet("/feed", (HttpContext c) => c.GetWebSubLinks().ToHtml()).WithWebSubLinks();
                a.MapPost("/posts", (IWebSubPublisher publisher) => publisher.PublishAsync(["/feed"]));
            },
            o => o.Hubs.Add(hub.Url)
        );

        var (header, element) = await AdvertisedAsync(app, "/blog/feed");
        using var posted = await HttpPeer.Client.PostAsync(new Uri(app.Url + "/blog/posts"), null);

        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        var expected = app.Url + "/blog/feed";
        Assert.Equal((expected, expected, expected), (header, element, (await hub.NextTopicAsync())!));
    }

    [Fact]
    public async Task Publish_PathOutsideOfARequest_NeedsThePublicUrl_AndTheStartSaysSo()
    {
        await using var app = await PublisherApp.StartAsync(_ => { });

        var failure = await Assert.ThrowsAsync<ArgumentException>(() => app.Publisher.PublishAsync("/feed"));

        Assert.Contains("WebSub:Publisher:PublicUrl", failure.Message, StringComparison.Ordinal);
        Assert.Single(app.Logs.Messages, m => m.Text.StartsWith("WebSub:Publisher:PublicUrl is not set", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithPublicUrl_SaysNothingOfIt()
    {
        await using var app = await PublisherApp.StartAsync(_ => { }, o => (o.PublicUrl, o.Hubs) = (new(PublicUrl), [PublisherApp.Hub]));

        Assert.DoesNotContain(app.Logs.Messages, m => m.Text.Contains("PublicUrl", StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Req", "D5")]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(500)]
    [InlineData(302)]
    public async Task Page_OfAnError_HasNoLinks(int status)
    {
        await using var app = await PublisherApp.StartAsync(a =>
        {
            a.UseStatusCodePagesWithReExecute("/error");
            a.UseRouting();
            a.MapGet("/gone", () => Results.StatusCode(status)).WithWebSubLinks();
            a.MapGet("/error", Body).WithWebSubLinks();
            a.MapGet(
                    "/direct",
                    (HttpContext c) =>
                    {
                        c.Response.StatusCode = status;
                        return Body(c);
                    }
                )
                .WithWebSubLinks();
        });

        using var again = await HttpPeer.Client.GetAsync(new Uri(app.Url + "/gone"));
        using var direct = await HttpPeer.Client.GetAsync(new Uri(app.Url + "/direct"));

        Assert.Equal((status, status), ((int)again.StatusCode, (int)direct.StatusCode));
        Assert.DoesNotContain("<link", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("<head></head>", await direct.Content.ReadAsStringAsync());
        Assert.False(again.Headers.Contains("Link") || direct.Headers.Contains("Link"));

        static string Body(HttpContext c) => $"<head>{c.GetWebSubLinks().ToHtml()}{string.Concat(c.GetWebSubLinks().ToAtomLinks())}</head>";
    }

    private static Task<PublisherApp> StartAsync(HubPeer hub, Action<WebApplication> map) =>
        PublisherApp.StartAsync(map, o => (o.PublicUrl, o.Hubs) = (new(PublicUrl), [hub.Url]));

    /// <summary>The topic in the header, and that in the page.</summary>
    private static async Task<(string Header, string Element)> AdvertisedAsync(PublisherApp app, string path)
    {
        using var response = await HttpPeer.Client.GetAsync(
            new Uri(app.Url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })
        );
        var page = await response.Content.ReadAsStringAsync();
        return (
            InHeader().Match(Assert.Single(response.Headers.GetValues("Link"))).Groups["topic"].Value,
            WebUtility.HtmlDecode(InPage().Match(page).Groups["topic"].Value)
        );
    }

    [GeneratedRegex("<(?<topic>[^<>]*)>; rel=\"self\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InHeader();

    [GeneratedRegex("<link rel=\"self\" href=\"(?<topic>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InPage();
}
