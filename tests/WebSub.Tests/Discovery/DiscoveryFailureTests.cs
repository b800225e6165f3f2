using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WebSub.Http;
using static WebSub.Discovery.DiscoveryFixture;

namespace WebSub.Discovery;

public sealed class DiscoveryFailureTests
{
    [Theory]
    [InlineData(null, "The URL \"\" is missing.")]
    [InlineData("", "The URL \"\" is missing.")]
    [InlineData("ftp://x/", "The URL \"ftp://x/\" must be an absolute http or https URL.")]
    [InlineData(
        "blog.example/feed",
        "The URL \"blog.example/feed\" must be an absolute http or https URL. Did you mean https://blog.example/feed ?"
    )]
    [InlineData("http://", "The URL \"http://\" must be an absolute http or https URL.")]
    [InlineData("http://a b/", "The URL \"http://a b/\" contains a space or a control character; percent-encode it.")]
    public async Task Discover_NotAUrl_SaysWhatToType(string? resource, string expected)
    {
        var result = await Finder.DiscoverAsync(resource!);

        Assert.Equal(DiscoveryError.InvalidUrl, result.Error);
        Assert.Equal(expected, result.Explanation);
        Assert.Empty(result.Visited);
    }

    [Fact]
    public async Task Discover_NoHub_SaysWhatWasLookedAt()
    {
        await using var peer = await HttpPeer.ServeAsync("text/html", Html(""), ("Link", $"<{Topic}>; rel=self"));

        var result = await Finder.DiscoverAsync(peer.Url);

        Assert.Equal(DiscoveryError.NoHub, result.Error);
        Assert.Equal(
            $"{peer.Url} answered 200 text/html with 1 Link header (rel=self) and no <link rel=hub> in its "
                + "<head>: there is no hub to subscribe at.",
            result.Explanation
        );
        Assert.Equal(Topic, result.Self?.Url);
    }

    [Theory]
    [Trait("Req", "D17")]
    [InlineData(
        "text/html",
        "<html><head></head></html>",
        "with 1 Link header (rel=hub) and no <link rel=self> in its <head>: nothing says what to subscribe to at its hub."
    )]
    [InlineData(
        "application/rss+xml",
        "<rss><channel/></rss>",
        "with 1 Link header (rel=hub) and no <atom:link rel=self> in its <channel>: nothing says what to subscribe to at its hub."
    )]
    [InlineData(
        "application/xml",
        "<x/>",
        "with 1 Link header (rel=hub) and XML that is neither an Atom nor an RSS feed: nothing says what to subscribe to at its hub."
    )]
    [InlineData(
        "application/json",
        "{}",
        "with 1 Link header (rel=hub) and a body that is neither HTML nor a feed: nothing says what to subscribe to at its hub."
    )]
    public async Task Discover_NoSelf_IsRefusedNotGuessed(string contentType, string body, string expected)
    {
        var result = await DiscoverAsync(contentType, body, ("Link", $"<{Hub}>; rel=hub"));

        Assert.Equal(DiscoveryError.NoSelf, result.Error);
        Assert.EndsWith($"answered 200 {contentType} {expected}", result.Explanation, StringComparison.Ordinal);
        Assert.Equal([new DiscoveredLink(Hub, LinkSource.LinkHeader)], result.Hubs);
    }

    [Theory]
    [InlineData(
        "text/html",
        "<p>",
        "answered 200 text/html with no Link header and no <link rel=hub> and <link rel=self> in its <head>: it does not offer WebSub."
    )]
    [InlineData(
        null,
        "",
        "answered 200 without a Content-Type with no Link header and a body that is neither HTML nor a feed: it does not offer WebSub."
    )]
    public async Task Discover_NoLinks_SaysThatItOffersNothing(string? contentType, string body, string expected)
    {
        var result = await DiscoverAsync(contentType, body);

        Assert.Equal(DiscoveryError.NoLinks, result.Error);
        Assert.EndsWith(expected, result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_LinksThatAreNoUrls_DoNotCountAndAreNamed()
    {
        var result = await DiscoverAsync("text/plain", "", ("Link", "<mailto:hub@example.com>; rel=hub"), ("Link", $"<{Topic}>; rel=self"));

        Assert.Equal(DiscoveryError.NoHub, result.Error);
        Assert.Contains(
            "(not counted: mailto:hub@example.com must be an absolute http or https URL)",
            result.Explanation,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [Trait("Req", "D3")]
    [InlineData("<https://a.example/>; rel=self, <https://b.example/>; rel=self, <https://hub.example/>; rel=hub", "SeveralSelfs")]
    [InlineData("<https://a.example/>; rel=self, <https://a.example>; rel=self, <https://hub.example/>; rel=hub", "SeveralSelfs")]
    [InlineData("<https://a.example/>; rel=self, <https://a.example/>; rel=self, <https://hub.example/>; rel=hub", "None")]
    public async Task Discover_SeveralSelfs_AreRefusedUnlessEqual(string link, string expected)
    {
        var result = await DiscoverAsync("text/plain", "", ("Link", link));

        Assert.Equal(expected, result.Error.ToString());
    }

    [Theory]
    [InlineData(404, DiscoveryError.ErrorStatus, "answered 404 instead of the page or feed.")]
    [InlineData(500, DiscoveryError.ErrorStatus, "answered 500 instead of the page or feed.")]
    [InlineData(304, DiscoveryError.ErrorStatus, "answered 304 instead of the page or feed.")]
    [InlineData(406, DiscoveryError.NotAcceptable, "answered 406: it has no representation in the type or language that was asked for.")]
    public async Task Discover_ErrorStatus_IsAnErrorEvenWithLinks(int status, DiscoveryError error, string expected)
    {
        await using var peer = await HttpPeer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Append("Link", LinkHeader);
            return Task.CompletedTask;
        });

        var result = await Finder.DiscoverAsync(peer.Url);

        Assert.Equal(error, result.Error);
        Assert.EndsWith(expected, result.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "D14")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Discover_Redirect_LinksOfTheLastAnswerCount(int status)
    {
        await using var peer = await HttpPeer.StartAsync(context =>
        {
            if (context.Request.Path == "/old")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/ne%77/./page?a=%7E";
                context.Response.Headers.Append("Link", "<https://old.example/>; rel=hub, <https://old.example/t>; rel=self");
            }
            else
            {
                context.Response.Headers.Append("Link", $"<{Hub}>; rel=hub, <feed>; rel=self");
            }

            return Task.CompletedTask;
        });

        var result = await Finder.DiscoverAsync(peer.Url + "/old");

        Assert.Equal($"{Hub} → {peer.Url}/ne%77/feed (LinkHeader, LinkHeader)", Summary(result));
        Assert.Equal([peer.Url + "/old", peer.Url + "/ne%77/page?a=%7E"], result.Visited);
        Assert.Equal("/ne%77/page?a=%7E", peer.Requests[1].Target);
        Assert.Contains($"(redirected from {peer.Url}/old)", result.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/loop", "redirects in a circle")]
    [InlineData("/more", "redirected more than 3 times, last to")]
    [InlineData("/nowhere", "answered 302 (redirect) without a Location header.")]
    [InlineData("/ftp", "redirected to \"ftp://x.example/\", which must be an absolute http or https URL.")]
    public async Task Discover_BadRedirect_SaysWhichAndWhy(string path, string expected)
    {
        await using var peer = await HttpPeer.StartAsync(context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = context.Request.Path.Value switch
            {
                "/loop" => "/loop2",
                "/loop2" => "/loop",
                "/nowhere" => default,
                "/ftp" => "ftp://x.example/",
                var more => more + "x",
            };
            return Task.CompletedTask;
        });

        var result = await Finder.DiscoverAsync(peer.Url + path, new() { MaxRedirects = 3 });

        Assert.Equal(DiscoveryError.BadRedirect, result.Error);
        Assert.Contains(expected, result.Explanation, StringComparison.Ordinal);
        Assert.True(peer.Requests.Count <= 4);
        Assert.Equal(peer.Requests.Count, result.Visited.Count);
    }

    [Fact]
    public async Task Discover_RedirectsUpToTheLimit_AreFollowed()
    {
        await using var peer = await HttpPeer.StartAsync(context =>
        {
            var done = context.Request.Path == "/xxx";
            context.Response.StatusCode = done ? 200 : 302;
            if (done)
                context.Response.Headers.Append("Link", LinkHeader);
            else
                context.Response.Headers.Location = context.Request.Path + "x";
            return Task.CompletedTask;
        });

        var result = await Finder.DiscoverAsync(peer.Url + "/", new() { MaxRedirects = 3 });

        Assert.True(result.IsSuccess, result.Explanation);
        Assert.Equal(4, result.Visited.Count);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://localhost:1/")]
    [InlineData("http://2130706433:1/")]
    public async Task Discover_PrivateAddress_IsRefusedNamingTheSetting(string resource)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions());

        var result = await new TopicDiscovery(http).DiscoverAsync(resource, new() { HeadFirst = true });

        Assert.Equal(DiscoveryError.AddressRefused, result.Error);
        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_NobodyListens_IsUnreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var result = await Finder.DiscoverAsync($"http://127.0.0.1:{port}/");

        Assert.Equal(DiscoveryError.Unreachable, result.Error);
        Assert.StartsWith($"http://127.0.0.1:{port}/ cannot be read: ", result.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_BodyBreaksOff_IsUnreachable()
    {
        await using var peer = await HttpPeer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("<html><head>");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        var result = await Finder.DiscoverAsync(peer.Url);

        Assert.Equal(DiscoveryError.Unreachable, result.Error);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("", 20_000)]
    [InlineData("gzip", 0)]
    [InlineData("gzip", 200_000)]
    public async Task Discover_BodyBreaksOffBelowTheLinks_IsEnough(string coding, int padding)
    {
        var noise = new Random(7);
        var page = Html(
            $"<link rel=hub href={Hub}><link rel=self href={Topic}>",
            string.Concat(Enumerable.Range(0, padding).Select(_ => (char)noise.Next('a', 'z')))
        );
        var body = coding == "gzip" ? Gzip(page) : Encoding.UTF8.GetBytes(page);
        var head =
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {body.Length}\r\nConnection: close\r\n"
            + (coding.Length > 0 ? $"Content-Encoding: {coding}\r\n" : "")
            + "\r\n";
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var answering = AnswerAsync();

        var result = await Finder.DiscoverAsync($"http://{peer.LocalEndpoint}/");
        await answering;

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));

        // Closed, not aborted: what was sent arrives.
        async Task AnswerAsync()
        {
            using var client = await peer.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(body.AsMemory(0, body.Length - 12));
        }

        static byte[] Gzip(string page)
        {
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(Encoding.UTF8.GetBytes(page));
            return packed.ToArray();
        }
    }

    [Fact]
    public async Task Discover_CodingsOnSeveralLines_AreAllUndone()
    {
        var once = new MemoryStream();
        using (var deflate = new ZLibStream(once, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(Encoding.UTF8.GetBytes(Html($"<link rel=hub href={Hub}><link rel=self href={Topic}>")));
        var twice = new MemoryStream();
        using (var gzip = new GZipStream(twice, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(once.ToArray());

        var result = await DiscoveryFixture.DiscoverAsync(
            "text/html",
            twice.ToArray(),
            null,
            ("Content-Encoding", "deflate"),
            ("Content-Encoding", "gzip")
        );

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Discover_NoAnswerInTime_TimesOut(bool sendHead, bool headFirst)
    {
        var clock = new FakeTimeProvider();
        await using var peer = await HttpPeer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/html";
            if (sendHead)
                await context.Response.WriteAsync("<html><head>");
            if (sendHead)
                await context.Response.Body.FlushAsync();
            clock.Advance(TimeSpan.FromSeconds(11));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        var result = await new TopicDiscovery(HttpPeer.Client, clock).DiscoverAsync(peer.Url, new() { HeadFirst = headFirst });

        Assert.Equal(DiscoveryError.TimedOut, result.Error);
        Assert.Equal($"{peer.Url} did not answer completely within 10 s.", result.Explanation);
    }

    [Fact]
    public async Task Discover_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        await using var peer = await HttpPeer.StartAsync(async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Finder.DiscoverAsync(peer.Url, cancellationToken: cancel.Token));
    }

    [Fact]
    public async Task Discover_ConnectingTakesTooLong_TimesOut()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(20),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                return Stream.Null;
            },
        };
        using var http = OutboundHttp.CreateClient(handler);

        var result = await new TopicDiscovery(http).DiscoverAsync("http://slow.example/");

        Assert.Equal(DiscoveryError.TimedOut, result.Error);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Discover_CompressedWithoutBeingAsked_IsRead(string encoding)
    {
        var body = new MemoryStream();
        using (
            Stream compress = encoding switch
            {
                "gzip" => new GZipStream(body, CompressionLevel.Fastest, true),
                "br" => new BrotliStream(body, CompressionLevel.Fastest, true),
                _ => new ZLibStream(body, CompressionLevel.Fastest, true),
            }
        )
        {
            compress.Write(Encoding.UTF8.GetBytes(Html($"<link rel=hub href={Hub}><link rel=self href={Topic}>")));
        }

        var result = await DiscoveryFixture.DiscoverAsync("text/html", body.ToArray(), null, ("Content-Encoding", encoding));

        Assert.Equal($"{Hub} → {Topic} (Html, Html)", Summary(result));
    }

    [Fact]
    public async Task Discover_CompressionThatIsNone_IsUnreachable()
    {
        var result = await DiscoverAsync("text/html", "<html>", ("Content-Encoding", "gzip"));

        Assert.Equal(DiscoveryError.Unreachable, result.Error);
    }

    [Fact]
    public async Task Discover_HostileHeaders_CannotReachTheTerminal()
    {
        var result = await DiscoverAsync(
            "text/html",
            "",
            ("Link", "<\u001b[31mx>; rel=self, <https://a.example/\u202e>; rel=\"hub\u202e\u009b\"")
        );

        Assert.DoesNotContain(result.Explanation, c => char.IsControl(c) || c == '\u202e');
        Assert.False(result.IsSuccess);
    }
}
