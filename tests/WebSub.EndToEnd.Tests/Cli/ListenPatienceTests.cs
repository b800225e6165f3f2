using System.Net;
using System.Net.Sockets;
using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>What does not end <c>websub listen</c>, and what it tells of that.</summary>
public sealed class ListenPatienceTests
{
    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Listen_HubThatIsBusy_IsAskedAgain(int status)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(new FakeHubAnswer { Status = status, Body = "later" });
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--count", "1");

        var first = await hub.NextRequestAsync();
        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second);
        await hub.DeliverAsync(second, "hello");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal(first.Topic, second.Topic);
        Assert.Equal(["failed", "subscribed", "verified", "notification", "unsubscribed"], listen.Names);
        Assert.StartsWith(
            $"The hub answered {status}: later. It is asked again at ",
            listen.Events[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("hub.mode=subscribe")]
    [InlineData("hub.mode=subscribe&hub.topic=http%3A%2F%2Flocalhost%2Fx")]
    [InlineData("hub.mode=subscribe&hub.topic=http%3A%2F%2Flocalhost%2Fx&hub.challenge=c&hub.lease_seconds=soon")]
    [InlineData("hub.mode=nonsense")]
    [InlineData("")]
    public async Task Listen_MalformedQuestionAtTheCallback_DoesNotEndIt(string query)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--count", "1");

        var request = await hub.NextRequestAsync();
        await listen.WaitForAsync("subscribed");
        Assert.True(HubFields.TryParse(Encoding.ASCII.GetBytes(query), out var fields, out _));
        var refused = await hub.AskAsync(request.Callback, fields);
        await hub.VerifyAsync(request);
        await listen.WaitForAsync("verified");
        var delivered = await hub.DeliverAsync(request, "hello");
        await listen.WaitForAsync("notification");
        var next = request;
        while (next.Mode != HubModes.Unsubscribe)
        {
            // It may have asked again because of the malformed question.
            next = await hub.NextRequestAsync();
            await hub.VerifyAsync(next);
        }

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.InRange(refused.Status, 400, 499);
        Assert.Equal(200, delivered.Status);
        Assert.Empty(listen.Complaints);
    }

    [Theory]
    [InlineData("http://localhost/y")]
    [InlineData("http://localhost/x/")]
    public async Task Listen_HubThatAsksAboutAnotherTopic_IsTold_AndMayAskAgain(string other)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--count", "1");

        var request = await hub.NextRequestAsync();
        await listen.WaitForAsync("subscribed");
        var question = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", other).Add("hub.challenge", "c");
        var refused = await hub.AskAsync(request.Callback, question);
        var failed = await listen.WaitForAsync("failed");
        await hub.VerifyAsync(request);
        await listen.WaitForAsync("verified");

        Assert.Equal(404, refused.Status);
        Assert.StartsWith(
            $"The hub asked about {other} instead of http://localhost/x, answered 404. It is asked again at ",
            failed.GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Listen_BytesOutsideAsciiInAQuestion_DoNoHarm()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--count", "1");
        var request = await hub.NextRequestAsync();
        await listen.WaitForAsync("subscribed");
        var callback = new Uri(request.Callback);
        using var client = new TcpClient();
        await client.ConnectAsync(callback.Host, callback.Port);
        await using var stream = client.GetStream();

        // Twice, since a connection is kept.
        foreach (var challenge in (string[])["first", "second"])
        {
            var query = $"hub.mode=subscribe&hub.topic={request.Topic}&hub.challenge={challenge}&x=\u00fc&hub.reason=Gr\u00fc\u00dfe&y=%FF";
            await stream.WriteAsync(
                Encoding.Latin1.GetBytes($"GET {callback.AbsolutePath}?{query} HTTP/1.1\r\nHost: {callback.Authority}\r\nX: \u00fc\r\n\r\n")
            );
            var buffer = new byte[4096];
            var answer = Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer));
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        }

        await listen.WaitForAsync("verified");
    }

    [Fact]
    public async Task Listen_EntriesThatShareAnId_AreShownOnce()
    {
        const string Old = "<item><guid>x</guid><title>one</title></item><item><guid>x</guid><title>two</title></item>";
        static string Feed(string items) => $"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>";
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--count", "3");

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        foreach (var items in (string[])[Old, Old + " ", "<item><guid>x</guid><title>three</title></item>" + Old])
            await hub.DeliverAsync(request, new() { Body = Encoding.UTF8.GetBytes(Feed(items)), ContentType = "application/rss+xml" });
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var shown = listen.Process.Lines.Where(l => !l.IsError && l.Text.StartsWith("     ", StringComparison.Ordinal));
        Assert.Equal(["one", "two", "no entry changed", "three (changed)"], shown.Select(l => l.Text.Trim()));
    }

    [Fact]
    public async Task Listen_HubThatMayNotReachPrivateAddresses_IsWhoMustChange()
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Answer = new()
        {
            Status = 400,
            Body = "hub.callback is a private or local address. Its operator can allow it with WebSub:Outbound:AllowPrivateNetworks=true.",
        };
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url);

        Assert.Equal(1, await listen.Process.WaitForExitAsync());
        var complaint = Assert.Single(listen.Complaints);
        Assert.EndsWith(
            "It is the hub that must allow this, not this command: websub hub --allow-private.",
            complaint,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("On this command line", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_Topic_IsFetchedOnce()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var site = await FeedSite.StartAsync(hub.Url);
        await using var listen = ListenProcess.Start(site.Url(FeedSite.Atom), "--json", "--count", "1");

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, "hello");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal("GET", Assert.Single(site.Requests).Method);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Listen_RequestOfAWebPage_IsForbidden(string header, string value)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json", "--secret", "none", "--count", "1");
        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);

        var forged = await hub.DeliverAsync(request, new() { Body = "forged"u8.ToArray(), Headers = [new(header, value)] });
        await hub.DeliverAsync(request, "genuine");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        Assert.Equal((int)HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal("genuine", (await listen.WaitForAsync("notification")).GetProperty("body").GetString());
    }
}
