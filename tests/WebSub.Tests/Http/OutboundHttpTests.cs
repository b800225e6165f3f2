using System.Net;
using WebSub.Values;

namespace WebSub.Http;

public sealed class OutboundHttpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0x7f.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_GuardedClient_RefusesBeforeConnecting(string host)
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(200));
        using var http = OutboundHttp.CreateClient(new OutboundOptions());

        var failure = await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://{host}:{peer.Port}/")));

        Assert.True(failure is AddressRefusedException || failure.InnerException is AddressRefusedException, failure.ToString());
        Assert.Empty(peer.Requests);
    }

    [Fact]
    public async Task Send_AllowedNetwork_Connects()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(200));
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8")] });

        using var response = await http.GetAsync(new Uri($"http://localhost:{peer.Port}/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(OutboundHttp.UserAgent, peer.Requests.Single().Headers["User-Agent"]);
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Redirect(302, "/elsewhere"));

        using var response = await HttpPeer.Client.GetAsync(new Uri(peer.Url));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Single(peer.Requests);
    }

    [Fact]
    public async Task Send_Cookies_AreForgotten()
    {
        await using var peer = await HttpPeer.ServeAsync("text/plain", "", ("Set-Cookie", "a=b; Path=/"));

        await HttpPeer.Client.GetAsync(new Uri(peer.Url));
        await HttpPeer.Client.GetAsync(new Uri(peer.Url));

        Assert.All(peer.Requests, r => Assert.False(r.Headers.ContainsKey("Cookie")));
    }

    [Fact]
    public async Task Send_ThroughProxy_SendsNamesButNoPrivateLiterals()
    {
        await using var proxy = await HttpPeer.StartAsync(Answers.Status(200));
        await using var inside = await HttpPeer.StartAsync(Answers.Status(200));
        using var http = OutboundHttp.CreateClient(new OutboundOptions { Proxy = new Uri(proxy.Url) });

        using var response = await http.GetAsync(new Uri("http://blog.example/feed"));
        var refused = await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(new Uri($"{inside.Url}/")));
        var self = await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetAsync(new Uri($"{proxy.Url}/")));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("http://blog.example/feed", proxy.Requests.Single().Target);
        Assert.Empty(inside.Requests);
        Assert.All(
            [refused, self],
            e => Assert.True(e is AddressRefusedException || e.InnerException is AddressRefusedException, e.ToString())
        );
    }

    // What the values promise: the bytes that were given are the bytes on the wire.
    [Theory]
    [Trait("Req", "H24")]
    [InlineData("/%7Ea/%41/../b?x=%2f&y=%2F", "/%7Ea/%41/../b?x=%2f&y=%2F")]
    [InlineData("/a//b/./c;d=1,2/!$&'()*+:@=~_-.", "/a//b/./c;d=1,2/!$&'()*+:@=~_-.")]
    [InlineData("/a?b=c?d/e&&", "/a?b=c?d/e&&")]
    [InlineData("/a?b=[c]{d}|^`\"<>", "/a?b=[c]{d}|^`\"<>")]
    [InlineData("/100%/x%zz", "/100%/x%zz")]
    [InlineData("", "/")]
    [InlineData("?x=1", "/?x=1")]
    [InlineData("/лента", "/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0")]
    [InlineData("?é=😀", "/?%C3%A9=%F0%9F%98%80")]
    [InlineData("/feed#part", "/feed")]
    [InlineData("#part", "/")]
    public async Task Send_Topic_GoesAsWritten(string path, string expected)
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(200));
        var parsed = Topic.TryParse(peer.Url + path, out var topic, out _);

        using var response = await HttpPeer.Client.GetAsync(topic!.Uri);

        Assert.True(parsed);
        Assert.Equal(peer.Url + path, topic.Value);
        Assert.Equal(expected, peer.Requests.Single().Target);
    }

    [Fact]
    public async Task Send_AnyUrlThatWasTaken_FailsOnlyAsHttpDoes()
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, _) => throw new IOException("not today") };
        using var http = OutboundHttp.CreateClient(handler);
        var random = new Random(20180123);
        const string Seed = "https://user@bücher.example:8080/a/%7E?b=c#d[::1]-._é\u00ad\u200d。xn--";
        var guard = new AddressGuard(new OutboundOptions());
        var sent = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = Seed.ToCharArray();
            for (var edits = random.Next(1, 8); edits > 0; edits--)
                text[random.Next(8, text.Length)] = random.Next(4) == 0 ? (char)random.Next(0x10000) : Seed[random.Next(Seed.Length)];
            if (!VerbatimUrl.TryCreate(new string(text, 0, random.Next(9, text.Length + 1)), out var uri, out _))
                continue;

            sent++;
            guard.AllowsHostOf(uri);
            var failure = await Record.ExceptionAsync(() => http.GetAsync(uri));

            Assert.True(failure is HttpRequestException, $"{uri.OriginalString}: {failure}");
        }

        Assert.True(sent > 2000, $"{sent}");
    }
}
