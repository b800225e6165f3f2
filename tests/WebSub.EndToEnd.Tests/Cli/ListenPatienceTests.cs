using System.Net;
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
        Assert.True(HubFields.TryParse(System.Text.Encoding.ASCII.GetBytes(query), out var fields, out _));
        var refused = await hub.AskAsync(request.Callback, fields);
        await hub.VerifyAsync(request);
        await listen.WaitForAsync("verified");
        var delivered = await hub.DeliverAsync(request, "hello");
        await listen.WaitForAsync("notification");
        for (var next = request; next.Mode != HubModes.Unsubscribe; )
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
