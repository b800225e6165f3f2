using Microsoft.AspNetCore.Http;
using static WebSub.Discovery.DiscoveryFixture;

namespace WebSub.Discovery;

public sealed class HeaderDiscoveryTests
{
    [Fact]
    [Trait("Req", "D8")]
    public async Task Discover_LinkHeaders_AreFoundInAnyContentType()
    {
        var result = await DiscoverAsync("image/png", "not read", ("Link", LinkHeader));

        Assert.Equal($"{Hub} → {Topic} (LinkHeader, LinkHeader)", Summary(result));
        Assert.Equal("image/png", result.ContentType);
        Assert.Contains(
            $"names the hub {Hub} (Link header) and the topic {Topic} (Link header).",
            result.Explanation,
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Trait("Req", "D15")]
    public async Task Discover_SeveralLinesAndHubs_AreAllFoundOnceInOrder()
    {
        var result = await DiscoverAsync(
            "text/plain",
            "",
            ("Link", "<https://b.example/>; rel=hub, <https://a.example/>; rel=hub"),
            ("Link", "<https://b.example/>; rel=\"HUB\""),
            ("Link", "</feed>; rel=next"),
            ("Link", $"<{Topic}>; rel=self")
        );

        Assert.Equal($"https://b.example/ https://a.example/ → {Topic} (LinkHeader, LinkHeader)", Summary(result));
    }

    [Theory]
    [Trait("Req", "D13")]
    [InlineData("</feed.json>; rel=self", "{self}/feed.json")]
    [InlineData("<feed%7Ex>; rel=self", "{self}/a/feed%7Ex")]
    [InlineData("<>; rel=self", "{self}/a/page?q=1")]
    [InlineData("<?q=2>; rel=self", "{self}/a/page?q=2")]
    [InlineData("<//blog.example/x>; rel=self", "http://blog.example/x")]
    [InlineData("<HTTPS://Blog.Example:443/%7Ea/../b?%41#f>; rel=self", "HTTPS://Blog.Example:443/%7Ea/../b?%41#f")]
    [InlineData("</ünïcode>; rel=self", "{self}/ünïcode")]
    public async Task Discover_Targets_AreResolvedButNeverRewritten(string link, string expected)
    {
        await using var peer = await HttpPeer.ServeAsync("text/plain", "", ("Link", link), ("Link", $"<{Hub}>; rel=hub"));

        var result = await Finder.DiscoverAsync(peer.Url + "/a/page?q=1#top");

        Assert.Equal(expected.Replace("{self}", peer.Url, StringComparison.Ordinal), result.Self?.Url);
        Assert.Equal("/a/page?q=1", peer.Requests.Single().Target);
    }

    [Fact]
    [Trait("Req", "D7")]
    public async Task Discover_BothInHeaders_LeavesTheBodyAlone()
    {
        var result = await DiscoverAsync(
            "text/html",
            Html("<link rel=hub href=https://evil.example/><link rel=self href=https://evil.example/t>"),
            ("Link", LinkHeader)
        );

        Assert.Equal($"{Hub} → {Topic} (LinkHeader, LinkHeader)", Summary(result));
    }

    [Theory]
    [Trait("Req", "D16")]
    [InlineData("<https://hub.example/>; rel=hub", "https://hub.example/ → https://page.example/ (LinkHeader, Html)")]
    [InlineData("<https://blog.example/feed>; rel=self", "https://pagehub.example/ → https://blog.example/feed (Html, LinkHeader)")]
    [InlineData("<https://x.example/>; rel=next", "https://pagehub.example/ → https://page.example/ (Html, Html)")]
    [InlineData("<https://x.example/>; rel=hub; anchor=\"/other\"", "https://pagehub.example/ → https://page.example/ (Html, Html)")]
    public async Task Discover_RelationMissingInHeaders_IsTakenFromTheBody(string link, string expected)
    {
        var page = Html("<link rel=hub href=https://pagehub.example/><link rel=self href=https://page.example/>");

        var result = await DiscoverAsync("text/html", page, ("Link", link));

        Assert.Equal(expected, Summary(result));
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task Discover_AcceptAndLanguage_AreSentVerbatim()
    {
        await using var peer = await HttpPeer.ServeAsync("text/plain", "", ("Link", LinkHeader));

        await Finder.DiscoverAsync(peer.Url, new() { Accept = "application/json;q=0.50,text/x", AcceptLanguage = "de, en;q=0.50" });

        Assert.Equal("application/json;q=0.50,text/x", peer.Requests.Single().Headers["Accept"]);
        Assert.Equal("de, en;q=0.50", peer.Requests.Single().Headers["Accept-Language"]);
        Assert.StartsWith("WebSub-DotNet/", peer.Requests.Single().Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_ByDefault_AcceptsAnythingWithOneGet()
    {
        await using var peer = await HttpPeer.ServeAsync("text/plain", "", ("Link", LinkHeader));

        await Finder.DiscoverAsync(peer.Url);

        Assert.Equal("GET", peer.Requests.Single().Method);
        Assert.EndsWith("*/*;q=0.8", peer.Requests.Single().Headers["Accept"], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "D8")]
    public async Task Discover_HeadFirstWithLinks_NeedsNoGet()
    {
        await using var peer = await HttpPeer.ServeAsync("text/html", "", ("Link", LinkHeader));

        var result = await Finder.DiscoverAsync(peer.Url, new() { HeadFirst = true });

        Assert.True(result.IsSuccess);
        Assert.Equal(["HEAD"], peer.Requests.Select(r => r.Method));
    }

    [Theory]
    [Trait("Req", "D10")]
    [InlineData(405)]
    [InlineData(501)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(200)]
    [InlineData(302)]
    public async Task Discover_HeadWithoutAnswer_FallsToGet(int status)
    {
        await using var peer = await HttpPeer.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Method == "HEAD" ? status : 200;
            context.Response.ContentType = "text/html";
            if (context.Request.Method == "GET")
                await context.Response.Body.WriteAsync(
                    System.Text.Encoding.UTF8.GetBytes(Html($"<link rel=hub href={Hub}><link rel=self href={Topic}>"))
                );
        });

        var result = await Finder.DiscoverAsync(peer.Url + "/page", new() { HeadFirst = true });

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
        Assert.Equal(["HEAD", "GET"], peer.Requests.Select(r => r.Method));
        Assert.Equal([peer.Url + "/page"], result.Visited);
    }

    [Fact]
    [Trait("Req", "D10")]
    public async Task Discover_HeadThatBreaksTheConnection_FallsToGet()
    {
        await using var peer = await HttpPeer.StartAsync(context =>
        {
            if (context.Request.Method == "HEAD")
                context.Abort();
            context.Response.Headers.Append("Link", LinkHeader);
            return Task.CompletedTask;
        });

        var result = await Finder.DiscoverAsync(peer.Url, new() { HeadFirst = true });

        Assert.True(result.IsSuccess, result.Explanation);
    }
}
