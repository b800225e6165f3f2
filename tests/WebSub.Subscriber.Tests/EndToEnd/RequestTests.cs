using Microsoft.Extensions.DependencyInjection;
using WebSub.Protocol;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>What a hub is sent, and what becomes of its answers.</summary>
public sealed class RequestTests
{
    private const string Topic = "https://news.example/feed";

    [Fact]
    [Trait("Ref", "BS-15")]
    [Trait("Ref", "BS-21")]
    [Trait("Req", "S12")]
    public async Task Requests_HaveOnlyWhatIsSetAndTheCustomFieldsAndHeadersBothTimes()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (bare, bareRequest) = await app.SubscribeAsync(hub, "bare", new() { Signature = WebSubSignaturePolicy.Never });
        var (full, fullRequest) = await app.SubscribeAsync(
            hub,
            "full",
            new()
            {
                LeaseSeconds = 60,
                Secret = "s",
                Parameters = [new("tenant", "a&b")],
                Headers = [new("X-Tenant", "c")],
            }
        );

        await app.Subscriptions.UnsubscribeAsync(bare.Id);
        var bareEnd = await hub.NextRequestAsync();
        await app.Subscriptions.UnsubscribeAsync(full.Id);
        var fullEnd = await hub.NextRequestAsync();

        Assert.Equal(["hub.callback", "hub.mode", "hub.topic"], Names(bareRequest));
        Assert.Equal(["hub.callback", "hub.mode", "hub.topic"], Names(bareEnd));
        Assert.Equal(["hub.callback", "hub.lease_seconds", "hub.mode", "hub.secret", "hub.topic", "tenant"], Names(fullRequest));
        Assert.Equal(["hub.callback", "hub.mode", "hub.topic", "tenant"], Names(fullEnd));
        Assert.Equal(("a&b", "c", "c"), (fullEnd.Fields["tenant"], fullRequest.Headers["X-Tenant"], fullEnd.Headers["X-Tenant"]));
    }

    [Theory]
    [Trait("Ref", "BS-13")]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Subscribe_DiscoveredOrGivenWithOrWithoutSecret_IsDelivered(bool discovered, bool secret)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set(
            "feed",
            (FakeResource)"" with
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Link"] = $"<{hub.Url}>; rel=hub, <{publisher.Url()}>; rel=self",
                },
            }
        );
        await using var app = await SubscriberApp.StartAsync();

        var target = discovered ? WebSubTarget.Resource(publisher.Url()) : WebSubTarget.Topic(publisher.Url(), hub.Url);
        await app.Subscriptions.SubscribeAsync(
            target,
            "news",
            new() { Signature = secret ? WebSubSignaturePolicy.Always : WebSubSignaturePolicy.Never }
        );
        var request = await hub.NextRequestAsync();
        var verified = await hub.VerifyAsync(request);
        var delivered = await hub.DeliverAsync(request, "news");

        Assert.Equal((publisher.Url(), secret), (request.Topic, request.Secret is not null));
        Assert.Equal((200, 200), (verified.Status, delivered.Status));
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [Trait("Ref", "BS-16")]
    [Trait("Req", "S13")]
    [InlineData(5, WebSubChangeKind.Accepted)]
    [InlineData(6, WebSubChangeKind.AttemptFailed)]
    public async Task Subscribe_HubRedirectsAgainAndAgain_IsFollowedFiveTimes(int times, WebSubChangeKind kind)
    {
        await using var hub = await FakeHub.StartAsync();
        hub.Enqueue(Enumerable.Range(1, times).Select(i => FakeHubAnswer.Redirect(307, $"{hub.Url}/{i}")));
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var change = await app.NextAsync(kind);

        Assert.Equal(6, hub.Requests.Count);
        if (kind == WebSubChangeKind.AttemptFailed)
            Assert.Contains("more than 5 times", change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "BS-14")]
    public async Task Start_NothingWorks_SaysWhyAndStopsInPeace()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        hub.Answer = FakeHubAnswer.Error(500);
        await using var app = await SubscriberApp.StartAsync(build: b =>
        {
            b.AddSubscription(WebSubTarget.Topic(Topic, hub.Url), "news");
            b.AddSubscription(publisher.Url("missing"), "news");
        });

        var reasons = new[] { await app.NextAsync(WebSubChangeKind.AttemptFailed), await app.NextAsync(WebSubChangeKind.AttemptFailed) }
            .Select(c => c.Reason!)
            .Order()
            .ToList();
        await app.StopAsync();

        Assert.Contains(reasons, r => r.Contains("500", StringComparison.Ordinal) && r.Contains("No.", StringComparison.Ordinal));
        Assert.Contains(
            reasons,
            r => r.Contains(publisher.Url("missing"), StringComparison.Ordinal) && r.Contains("404", StringComparison.Ordinal)
        );
    }

    [Theory]
    [Trait("Ref", "BS-20")]
    [InlineData("hub-error", 200)]
    [InlineData("hub-wonder", 400)]
    public async Task Notice_OfHubErrorOrUnknownMode_IsToldOrRefused(string mode, int status)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", mode).Add("hub.topic", request.Topic).Add("hub.reason", "out of discs")
        );
        if (status == 200)
            Assert.Equal("out of discs", (await app.NextAsync(WebSubChangeKind.HubError)).Reason);

        Assert.Equal((status, WebSubSubscriptionState.Active), (answer.Status, (await app.GetAsync(subscription.Id)).State));
    }

    private static IEnumerable<string> Names(FakeHubRequest request) =>
        request.Fields.Items.Select(f => f.Key).Order(StringComparer.Ordinal);
}
