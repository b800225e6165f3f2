using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class LeaseTests
{
    private static readonly FakeDelivery News = "news";

    [Fact]
    [Trait("Req", "S19")]
    public async Task Renewal_AtFractionOfHubsLease_ExtendsAndKeepsCallbackAndSecret()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock);
        var (before, first) = await app.SubscribeAsync(hub, lease: 1000);

        clock.Advance(TimeSpan.FromSeconds(749));
        Assert.Single(hub.Requests);
        clock.Advance(TimeSpan.FromSeconds(1));
        var renewal = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var during = await app.GetAsync(before.Id);
        var delivered = await hub.DeliverAsync(first, News);
        await hub.VerifyAsync(renewal, 1000);
        await app.NextAsync(WebSubChangeKind.Renewed);

        var after = await app.GetAsync(before.Id);
        Assert.Equal((first.Callback, first.Secret), (renewal.Callback, renewal.Secret));
        Assert.Equal((WebSubSubscriptionState.Active, before.LeaseEnd, 200), (during.State, during.LeaseEnd, delivered.Status));
        Assert.Equal((clock.GetUtcNow().AddSeconds(1000), clock.GetUtcNow().AddSeconds(750)), (after.LeaseEnd, after.RenewAt));
        Assert.Null(after.RequestState);
    }

    [Fact]
    [Trait("Ref", "WS-9")]
    public async Task Renewal_OfFourSubscriptions_AsksOnlyForTheOneThatIsDue()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, settings: ("WebSub:Subscriber:VerifyWaitSeconds", "86400"));
        var (due, _) = await app.SubscribeAsync(hub, "three hours", lease: 3 * 3600);
        await app.SubscribeAsync(hub, "three days", lease: 3 * 86400);
        var (ended, _) = await app.SubscribeAsync(hub, "ended", lease: 3 * 3600);
        await app.Subscriptions.UnsubscribeAsync(ended.Id);
        await hub.VerifyAsync(await hub.NextRequestAsync());
        await app.NextAsync(WebSubChangeKind.Unsubscribed);
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("unverified", hub.Url), "news");
        await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var before = hub.Requests.Count;

        clock.SetUtcNow(due.RenewAt!.Value);
        var renewal = await hub.NextRequestAsync();
        await app.UntilAsync(async () => (await app.GetAsync(due.Id)).RequestState == WebSubRequestState.Verifying);

        Assert.Equal(("subscribe", "three hours", before + 1), (renewal.Mode, renewal.Topic, hub.Requests.Count));
        Assert.Equal(4, (await app.ListAsync()).Count);
    }

    [Fact]
    public async Task Renewal_HubDownUntilLeaseEnds_ExpiresAndIsAskedForAnew()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, settings: [("WebSub:Subscriber:Retry:MaxHubErrorAttempts", "1")]);
        var (before, first) = await app.SubscribeAsync(hub, lease: 1000);
        hub.Enqueue(FakeHubAnswer.Error(500));

        clock.Advance(TimeSpan.FromSeconds(750));
        await app.NextAsync(WebSubChangeKind.GaveUp);
        var failed = await app.GetAsync(before.Id);
        var whileActive = await hub.DeliverAsync(first, News);
        clock.Advance(TimeSpan.FromSeconds(250));
        await app.NextAsync(WebSubChangeKind.Expired);
        await app.NextAsync(WebSubChangeKind.Accepted);
        var whileExpired = await hub.DeliverAsync(first, News);
        await hub.VerifyAsync(hub.Requests[^1], 1000);

        Assert.Equal((WebSubSubscriptionState.Active, 200, 404), (failed.State, whileActive.Status, whileExpired.Status));
        Assert.Equal(WebSubSubscriptionState.Active, (await app.GetAsync(before.Id)).State);
        Assert.Equal(200, (await hub.DeliverAsync(hub.Requests[^1], News)).Status);
    }

    [Fact]
    [Trait("Req", "S30")]
    public async Task Reconfirmation_OfActiveSubscription_IsAnsweredAndExtends()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock);
        var (before, request) = await app.SubscribeAsync(hub, lease: 1000);

        clock.Advance(TimeSpan.FromSeconds(100));
        var answer = await hub.VerifyAsync(request, 1000);

        Assert.Equal(200, answer.Status);
        Assert.Equal(before.LeaseEnd + TimeSpan.FromSeconds(100), (await app.GetAsync(before.Id)).LeaseEnd);
    }

    [Fact]
    public async Task NewSecret_UntilConfirmed_OldAndNewAreGood()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, first) = await app.SubscribeAsync(hub, options: new() { Secret = "old" });

        await app.Subscriptions.SubscribeAsync(subscription.Target, "news", new() { Secret = "new" });
        var second = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var oldBefore = await hub.DeliverAsync(first, News);
        var newBefore = await hub.DeliverAsync(second, News);
        await hub.VerifyAsync(second);
        var oldAfter = await hub.DeliverAsync(first, News);
        var newAfter = await hub.DeliverAsync(second, News);

        Assert.Equal(("new", first.Callback), (second.Secret, second.Callback));
        Assert.Equal((200, 200, 403, 200), (oldBefore.Status, newBefore.Status, oldAfter.Status, newAfter.Status));
    }

    [Fact]
    [Trait("Ref", "WS-2")]
    [Trait("Ref", "WS-4")]
    [Trait("Ref", "AS-7")]
    public async Task Unsubscribe_VerifiedByHub_EndsWith410()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        var unsubscribe = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var asked = await app.GetAsync(subscription.Id);
        var before = await hub.DeliverAsync(request, News);
        var answer = await hub.VerifyAsync(unsubscribe);
        await app.NextAsync(WebSubChangeKind.Unsubscribed);
        var again = await hub.VerifyAsync(unsubscribe);
        var after = await hub.DeliverAsync(request, News);

        Assert.Equal(("unsubscribe", request.Topic, request.Callback), (unsubscribe.Mode, unsubscribe.Topic, unsubscribe.Callback));
        Assert.Equal((WebSubSubscriptionState.Unsubscribing, WebSubRequestState.Verifying), (asked.State, asked.RequestState));
        Assert.Equal((200, 200, 200, 410), (before.Status, answer.Status, again.Status, after.Status));
        Assert.Equal(WebSubSubscriptionState.Unsubscribed, (await app.GetAsync(subscription.Id)).State);
    }

    [Fact]
    public async Task Unsubscribe_UnknownId_SaysSo()
    {
        await using var app = await SubscriberApp.StartAsync();

        await Assert.ThrowsAsync<KeyNotFoundException>(() => app.Subscriptions.UnsubscribeAsync(Guid.NewGuid()));
    }

    [Fact]
    public async Task Restart_KeepsSubscriptionsAndTheirClock()
    {
        var clock = new FakeTimeProvider();
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        Guid id;
        await using (var app = await SubscriberApp.StartAsync(clock, database))
        {
            id = (await app.SubscribeAsync(hub, lease: 1000)).Subscription.Id;
            await app.StopAsync();
        }

        clock.Advance(TimeSpan.FromSeconds(800));
        await using var again = await SubscriberApp.StartAsync(clock, database);
        var renewal = await hub.NextRequestAsync();
        var answer = await hub.VerifyAsync(renewal, 1000);

        Assert.Equal(200, answer.Status);
        Assert.Equal(clock.GetUtcNow().AddSeconds(1000), (await again.GetAsync(id)).LeaseEnd);
    }

    [Fact]
    public async Task Shutdown_WithUnsubscribeOnShutdown_EndsWhileTheServerStillAnswers()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: [("WebSub:Subscriber:UnsubscribeOnShutdown", "true")]);
        await app.SubscribeAsync(hub);

        var stopping = app.StopAsync();
        var unsubscribe = await hub.NextRequestAsync();
        var answer = await hub.VerifyAsync(unsubscribe);
        await stopping;

        Assert.Equal(("unsubscribe", 200), (unsubscribe.Mode, answer.Status));
    }
}
