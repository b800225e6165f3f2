using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Subscriber.Leases;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>What an app does with its subscriptions besides asking for them and ending them. On both databases.</summary>
public abstract class ManagingTests
{
    private const string Topic = "https://news.example/feed";
    private static readonly FakeDelivery News = "news";

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Renew_Active_AsksAtOnceAtTheSameCallback()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var (subscription, first) = await app.SubscribeAsync(hub, lease: 1000);

        await app.Subscriptions.RenewAsync(subscription.Id);
        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second, 5000);
        await app.NextAsync(WebSubChangeKind.Renewed);

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal(("subscribe", first.Callback, first.Secret), (second.Mode, second.Callback, second.Secret));
        Assert.True(now.LeaseEnd > subscription.LeaseEnd);
    }

    [Fact]
    public async Task ReadBody_OfAStoredNotification_IsItsBodyAndNullOnceItIsGone()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var inbox = app.Services.GetRequiredService<IWebSubInbox>();
        var (subscription, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, News);
        var id = (await app.NextNotificationAsync()).InboxId!.Value;

        var body = await inbox.ReadBodyAsync(id, TestContext.Current.CancellationToken);
        await app.Subscriptions.DeleteAsync(subscription.Id);
        var gone = await inbox.ReadBodyAsync(id, TestContext.Current.CancellationToken);

        Assert.Equal("news"u8, body!.Value.Span);
        Assert.Null(gone);
    }

    [Fact]
    public async Task Renew_UnsubscribedDeniedOrFailed_AsksAgain()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var (subscription, request) = await app.SubscribeAsync(hub);
        await hub.DenyAsync(request, "No.");
        await app.NextAsync(WebSubChangeKind.Denied);

        await app.Subscriptions.RenewAsync(subscription.Id);
        var again = await hub.NextRequestAsync();
        await hub.VerifyAsync(again);
        await app.NextAsync(WebSubChangeKind.Verified);

        Assert.Equal(WebSubSubscriptionState.Active, (await app.GetAsync(subscription.Id)).State);
    }

    [Fact]
    public async Task Renew_BeforeTheHubVerified_TheEarlierRequestMayStillBeVerified()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var first = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        await app.Subscriptions.RenewAsync(subscription.Id);
        var second = await hub.NextRequestAsync();
        var answer = await hub.VerifyAsync(first);

        Assert.Equal((first.Callback, 200), (second.Callback, answer.Status));
    }

    [Fact]
    public async Task Delete_Active_IsForgottenAndItsHubIsAnswered410()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var (subscription, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, News);
        await app.NextNotificationAsync();

        await app.Subscriptions.DeleteAsync(subscription.Id);
        await app.NextAsync(WebSubChangeKind.Deleted);
        var delivery = await hub.DeliverAsync(request, News);
        var question = await hub.VerifyAsync(request);

        Assert.Empty(await app.ListAsync());
        Assert.Equal((410, 404), (delivery.Status, question.Status));
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task RenewAndDelete_OfAnUnknownOne_AreMisuse()
    {
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());

        await Assert.ThrowsAsync<KeyNotFoundException>(() => app.Subscriptions.RenewAsync(Guid.NewGuid()));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => app.Subscriptions.DeleteAsync(Guid.NewGuid()));
    }

    [Theory]
    [InlineData("30", true)]
    [InlineData("0", false)]
    public async Task EndedRow_AfterKeepEndedDays_Goes(string days, bool goes)
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            await CreateDatabaseAsync(),
            settings: ("WebSub:Subscriber:KeepEndedDays", days)
        );
        var (active, _) = await app.SubscribeAsync(hub, "active", lease: 100 * 86400);
        var (ended, request) = await app.SubscribeAsync(hub, "ended");
        await hub.DenyAsync(request);
        await app.NextAsync(WebSubChangeKind.Denied);
        var sweep = ActivatorUtilities.CreateInstance<EndedSweep>(app.Services);

        clock.Advance(TimeSpan.FromDays(29));
        await sweep.RunAsync(TestContext.Current.CancellationToken);
        var before = (await app.ListAsync()).Select(s => s.Id).Order().ToList();
        clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await sweep.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new[] { active.Id, ended.Id }.Order(), before);
        Assert.Equal((goes ? new[] { active.Id } : [active.Id, ended.Id]).Order(), (await app.ListAsync()).Select(s => s.Id).Order());
    }

    [Fact]
    [Trait("Ref", "BS-19")]
    public async Task CallbackUrl_AsItIs_IsAnsweredAtItsPathAlsoAfterARestart()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest request;
        FakeHubResponse first;
        await using (var app = await SubscriberApp.StartAsync(database: database))
        {
            (_, request) = await app.SubscribeAsync(hub, options: new() { CallbackUrl = app.Url + "/in/%7Bmy%7D/news?who=me" });
            first = await hub.DeliverAsync(request, News);
            await app.NextNotificationAsync();
            Assert.Equal(app.Url + "/in/%7Bmy%7D/news?who=me", request.Callback);
        }

        await using var again = await SubscriberApp.StartAsync(database: database);
        var second = await hub.DeliverAsync(
            request with
            {
                Fields = new([
                    KeyValuePair.Create("hub.callback", again.Url + new Uri(request.Callback).PathAndQuery),
                    .. request.Fields.Items.Where(f => f.Key != "hub.callback"),
                ]),
            },
            "again"
        );

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.Equal("again", (await again.NextNotificationAsync()).Text);
    }

    [Fact]
    [Trait("Ref", "BS-18")]
    public async Task AddCallback_KnownToAHub_IsServedAndNothingIsAsked()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            await CreateDatabaseAsync(),
            build: b => b.AddCallback("news", "my topic", secret: "s3cret")
        );
        var known = new FakeHubRequest
        {
            Fields = new HubFields()
                .Add("hub.mode", "subscribe")
                .Add("hub.callback", app.Url + "/websub/news")
                .Add("hub.topic", "my topic")
                .Add("hub.secret", "s3cret"),
            Headers = new Dictionary<string, string>(StringComparer.Ordinal),
            Path = "",
        };

        var question = await hub.VerifyAsync(known, 60);
        var delivery = await hub.DeliverAsync(known, News);
        var forged = await hub.DeliverAsync(known, News with { Secret = "other" });
        clock.Advance(TimeSpan.FromDays(100));

        Assert.Equal((200, 200, 403), (question.Status, delivery.Status, forged.Status));
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
        var row = Assert.Single(await app.ListAsync());
        Assert.Equal((WebSubSubscriptionState.Active, "my topic", null, null), (row.State, row.Topic, row.Hub, row.RenewAt));
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task AddCallback_WithUnsubscribeOnShutdown_ItsHubIsNotAskedAndItIsServedAgain()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using (var app = await StartAsync(hub, database))
            await app.StopAsync(TestContext.Current.CancellationToken);

        await using var again = await StartAsync(hub, database);

        var row = Assert.Single(await again.ListAsync());
        Assert.Equal((WebSubSubscriptionState.Active, again.Url + "/websub/news"), (row.State, row.CallbackUrl));
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task Topic_GivenWithItsHub_IsKnownBeforeTheFirstRequest()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());

        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");

        Assert.Equal((Topic, hub.Url), (subscription.Topic, subscription.Hub));
    }

    [Fact]
    public async Task AddHandler_LambdaThatOnlyThrows_IsAQueuedOne()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            database: await CreateDatabaseAsync(),
            build: b => b.AddHandler("broken", (_, _) => throw new InvalidOperationException("It is broken."))
        );
        var (_, request) = await app.SubscribeAsync(hub, handler: "broken");

        var answer = await hub.DeliverAsync(request, News);

        Assert.Equal(200, answer.Status);
        Assert.Equal(1, (await app.ListAsync())[0].Received);
    }

    private static Task<SubscriberApp> StartAsync(FakeHub hub, string database) =>
        SubscriberApp.StartAsync(
            database: database,
            build: b => b.AddCallback("news", "my topic", hub: hub.Url),
            settings: ("WebSub:Subscriber:UnsubscribeOnShutdown", "true")
        );
}
