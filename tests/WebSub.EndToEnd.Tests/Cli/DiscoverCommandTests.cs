using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub discover</c> against a real site (§4; D7, D9, D14).</summary>
public sealed class DiscoverCommandTests
{
    private const string Hub = "https://hub.example/";
    private const string PrivateNote =
        "note: 127.0.0.1 is a private address, so this command may reach private networks (--allow-private).";

    [Theory]
    [InlineData(FeedSite.Atom, "Atom feed", "application/atom+xml; charset=utf-8")]
    [InlineData(FeedSite.Rss, "RSS channel", "application/rss+xml")]
    [InlineData(FeedSite.Html, "HTML head", "text/html; charset=utf-8")]
    [InlineData(FeedSite.Json, "Link header", "application/json")]
    [InlineData(FeedSite.Binary, "Link header", "application/octet-stream")]
    public async Task Discover_AnyKindOfResource_ShowsHubSelfAndWhere(string path, string where, string type)
    {
        await using var site = await FeedSite.StartAsync(Hub);

        var result = await CliProcess.RunAsync("discover", site.Url(path));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([$"self      {site.Url(path)}  ({where})", $"hub       {Hub}  ({where})", $"type      {type}"], result.Output);
        Assert.Equal(PrivateNote, result.Complaint);
    }

    [Fact]
    public async Task Discover_Redirect_ShowsItAndTheFinalSelf()
    {
        await using var site = await FeedSite.StartAsync(Hub);

        var result = await CliProcess.RunAsync("discover", site.Url(FeedSite.Moved));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"self      {site.Url(FeedSite.Atom)}  (Atom feed)", result.Output);
        Assert.Contains($"redirect  {site.Url(FeedSite.Moved)}", result.Output);
        Assert.Contains($"       to {site.Url(FeedSite.Atom)}", result.Output);
    }

    [Fact]
    public async Task Discover_Json_HasEverythingOnOneLine()
    {
        await using var site = await FeedSite.StartAsync(Hub);

        var result = await CliProcess.RunAsync("discover", site.Url(FeedSite.Moved), "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.True(result.Json.GetProperty("isSuccess").GetBoolean());
        Assert.Equal(site.Url(FeedSite.Atom), result.Json.GetProperty("self").GetProperty("url").GetString());
        Assert.Equal(Hub, result.Json.GetProperty("hubs")[0].GetProperty("url").GetString());
        Assert.Equal("atom", result.Json.GetProperty("hubs")[0].GetProperty("source").GetString());
        Assert.Equal(
            [site.Url(FeedSite.Moved), site.Url(FeedSite.Atom)],
            result.Json.GetProperty("visited").EnumerateArray().Select(v => v.GetString())
        );
        Assert.Equal("application/atom+xml; charset=utf-8", result.Json.GetProperty("contentType").GetString());
    }

    [Theory]
    [InlineData("de", "http://localhost/de")]
    [InlineData("", "http://localhost/en")]
    public async Task Discover_InALanguage_AsksForItsTopic(string language, string topic)
    {
        await using var site = await LoopbackServer.StartAsync(c =>
        {
            var spoken = $"{c.Request.Headers.AcceptLanguage}" == "de" ? "de" : "en";
            c.Response.Headers.Link = $"<{Hub}>; rel=\"hub\", <http://localhost/{spoken}>; rel=\"self\"";
            return Task.CompletedTask;
        });

        var result = await CliProcess.RunAsync([
            "discover",
            site.Url,
            "--json",
            .. language.Length > 0 ? ["--accept-language", language] : Array.Empty<string>(),
        ]);

        Assert.Equal(topic, result.Json.GetProperty("self").GetProperty("url").GetString());
    }

    [Fact]
    public async Task Discover_HeadFirst_AsksWithHeadThenGet()
    {
        await using var site = await FeedSite.StartAsync(Hub);

        await CliProcess.RunAsync("discover", site.Url(FeedSite.Atom), "--head", "--accept", "application/atom+xml");

        Assert.Equal(["HEAD", "GET"], site.Requests.Select(r => r.Method));
        Assert.All(site.Requests, r => Assert.Equal("application/atom+xml", r.Accept));
    }

    [Fact]
    public async Task Discover_NoHub_FailsButShowsWhatThereIs()
    {
        await using var site = await FeedSite.StartAsync(Hub);
        site.Put("/plain", new("text/plain", Encoding.UTF8.GetBytes("nothing")) { Link = $"<{site.Url("/plain")}>; rel=self" });

        var result = await CliProcess.RunAsync("discover", site.Url("/plain"), "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("noHub", result.Json.GetProperty("error").GetString());
        Assert.Equal(site.Url("/plain"), result.Json.GetProperty("self").GetProperty("url").GetString());
        Assert.StartsWith("websub: ", result.Error[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_NothingListens_FailsWithASentence()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: connections are refused
        var url = $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}/";

        var result = await CliProcess.RunAsync("discover", url);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, result.Error.Count);
        Assert.Contains(url, result.Error[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "<head></head><body><link rel=hub href='https://hub.example/'><link rel=self href='/'>",
        "It has such a <link> outside its <head>, where it does not count, since visitors may write there."
    )]
    [InlineData(
        "<head><link rel='alternate' type='application/rss+xml' href='/feed?a=1&amp;b=2'></head>",
        "It points to the feed SITE/feed?a=1&b=2, which may have a hub: try that."
    )]
    [InlineData("<head><link href=feed.json type=application/feed+json rel=alternate></head>", "It points to the feed SITE/feed.json, ")]
    public async Task Discover_PageWithoutHub_SaysWhatAPersonWouldSee(string page, string advice)
    {
        await using var site = await FeedSite.StartAsync(Hub);
        site.Put("/page", new("text/html", Encoding.UTF8.GetBytes("<!doctype html><html>" + page)));

        var result = await CliProcess.RunAsync("discover", site.Url("/page"), "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(advice.Replace("SITE", site.Url(""), StringComparison.Ordinal), result.Error[^1], StringComparison.Ordinal);
        Assert.EndsWith(result.Json.GetProperty("explanation").GetString()!, result.Error[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/circle")]
    [InlineData("/wall")]
    [InlineData("/members")]
    public async Task Discover_LoginWall_IsNamed(string path)
    {
        await using var site = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.Headers.SetCookie = "session=1";
            if (context.Request.Path == "/circle")
                context.Response.Redirect("/circle");
            else if (context.Request.Path == "/wall")
                context.Response.StatusCode = 403;
            else if (context.Request.Path == "/members")
                context.Response.Redirect("/login");
            else
                await Results.Text("<form><input name=p type='password'></form>", "text/html").ExecuteAsync(context);
        });

        var result = await CliProcess.RunAsync("discover", site.Url + path);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("cookie", result.Error[^1], StringComparison.Ordinal);
        Assert.Contains("hubs", result.Error[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_HttpsToAPlainPort_SaysSo()
    {
        await using var site = await FeedSite.StartAsync(Hub);

        var result = await CliProcess.RunAsync("discover", site.Url("/").Replace("http:", "https:", StringComparison.Ordinal));

        Assert.Equal(1, result.ExitCode);
        Assert.EndsWith("That port does not speak TLS; is it http:// instead of https://?", result.Error[^1], StringComparison.Ordinal);
    }
}
