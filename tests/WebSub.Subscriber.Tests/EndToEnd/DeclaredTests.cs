using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>What happens between two starts of an app whose declarations, or addresses, have changed.</summary>
public sealed class DeclaredTests
{
    private const string Topic = "https://news.example/feed";
    private static readonly FakeDelivery News = "news";

    [Fact]
    [Trait("Ref", "WS-10")]
    [Trait("Ref", "BS-18")]
    public async Task Declared_OnTheHandlersClass_IsAskedFor()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            build: b => b.AddHandler<Annotated>("annotated"),
            settings: ("WebSub:Subscriber:DefaultHub", hub.Url)
        );

        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        Assert.Equal(("a topic", "3600"), (request.Topic, request.LeaseSeconds));
        Assert.Equal(
            ("annotated", WebSubRequestState.Verifying),
            (Assert.Single(await app.ListAsync()).Handler, (await app.ListAsync())[0].RequestState)
        );
    }

    [Fact]
    [Trait("Ref", "BS-18")]
    public async Task NoTarget_OnlyTheCallbackIsServed()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: ("WebSub:Subscriber:DefaultHub", hub.Url));
        var callback = $"{app.Url}/websub/news/{new string('0', 32)}";

        var question = await hub.AskAsync(
            callback,
            new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic).Add("hub.challenge", "c").Add("hub.lease_seconds", "60")
        );
        var delivery = await hub.DeliverAsync(
            new()
            {
                Fields = new HubFields().Add("hub.callback", callback),
                Headers = new Dictionary<string, string>(StringComparer.Ordinal),
                Path = "",
            },
            News
        );

        Assert.Equal((404, 404), (question.Status, delivery.Status));
        Assert.Empty(await app.ListAsync());
        Assert.Empty(hub.Requests);
    }

    [Fact]
    public async Task Declared_UnsubscribedByHand_IsAskedForAgainOnlyWhenItsDeclarationChanges()
    {
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        await using (var app = await StartAsync(hub, database))
        {
            await VerifyAsync(app, hub);
            await app.Subscriptions.UnsubscribeAsync((await app.ListAsync())[0].Id);
            await hub.VerifyAsync(await hub.NextRequestAsync());
            await app.NextAsync(WebSubChangeKind.Unsubscribed);
        }

        await using (var same = await StartAsync(hub, database))
        {
            Assert.Equal(WebSubSubscriptionState.Unsubscribed, Assert.Single(await same.ListAsync()).State);
        }

        await using var changed = await StartAsync(hub, database, lease: 1000);
        var request = await hub.NextRequestAsync();

        Assert.Equal(("subscribe", "1000", 3), (request.Mode, request.LeaseSeconds, hub.Requests.Count));
    }

    [Fact]
    public async Task Declared_NoLonger_IsKeptAndReported()
    {
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        await using (var app = await StartAsync(hub, database))
            await VerifyAsync(app, hub);

        using var log = new LogCollector();
        await using var again = await SubscriberApp.StartAsync(
            database: database,
            build: b => b.Services.AddSingleton<ILoggerProvider>(log)
        );

        var orphan = Assert.Single(await again.ListAsync());
        Assert.Equal(WebSubSubscriptionState.Active, orphan.State);
        Assert.Equal(
            (
                LogLevel.Warning,
                $"Subscription {orphan.Id} to {Topic} at {hub.Url} for handler news is no longer declared. "
                    + "It continues; declare it again, end it with websub unsubscribe, or forget it with websub sync --purge-orphans."
            ),
            Assert.Single(log.Lines, l => l.Id == 4501) is var line ? (line.Level, line.Text) : default
        );
        // The app has another port now, so it may have asked with its new callback; it has not unsubscribed.
        Assert.DoesNotContain(hub.Requests, r => r.Mode == "unsubscribe");
    }

    [Fact]
    [Trait("Ref", "WS-11")]
    public async Task Dynamic_DeclaredLaterAtAnotherPrefix_IsOneRowWithANewCallbackAndTheOldOneAnswersOn()
    {
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest first;
        await using (var app = await SubscriberApp.StartAsync(database: database))
            (_, first) = await app.SubscribeAsync(hub);

        await using var moved = await StartAsync(hub, database, prefix: "/elsewhere");
        var second = await hub.NextRequestAsync();
        await moved.NextAsync(WebSubChangeKind.Accepted);
        // The old callback named the old port; the new app listens on another one.
        var old = first with
        {
            Fields = new([
                .. first.Fields.Items.Select(f =>
                    f.Key == "hub.callback" ? KeyValuePair.Create(f.Key, moved.Url + new Uri(f.Value).AbsolutePath) : f
                ),
            ]),
        };
        var before = await hub.DeliverAsync(old, News);
        await hub.VerifyAsync(second);
        var after = await hub.DeliverAsync(old, News);
        var fresh = await hub.DeliverAsync(second, News);

        var row = Assert.Single(await moved.ListAsync());
        Assert.StartsWith(moved.Url + "/elsewhere/news/", second.Callback, StringComparison.Ordinal);
        Assert.Equal((200, 200, 200), (before.Status, after.Status, fresh.Status));
        Assert.Equal((WebSubSubscriptionState.Active, 0), (row.State, row.FailedAttempts));
    }

    [Fact]
    public async Task PublicUrl_ChangedWithoutAutofix_IsNotAskedForAgain()
    {
        var database = TestFiles.NewDatabase();
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using (var app = await SubscriberApp.StartAsync(clock, database))
            await app.SubscribeAsync(hub, lease: 1000);

        await using var moved = await SubscriberApp.StartAsync(clock, database, settings: ("WebSub:Subscriber:AutofixUrls", "false"));
        clock.Advance(TimeSpan.FromSeconds(800));
        var gaveUp = await moved.NextAsync(WebSubChangeKind.GaveUp);

        Assert.Contains("AutofixUrls", gaveUp.Reason, StringComparison.Ordinal);
        Assert.Single(hub.Requests);
        Assert.Equal(WebSubSubscriptionState.Active, (await moved.ListAsync())[0].State);
    }

    [Fact]
    public async Task HandlerRenamed_OfADeclaredSubscription_FollowsItsName()
    {
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        await using (
            var app = await SubscriberApp.StartAsync(
                database: database,
                build: b => b.AddHandler("old", (_, _) => Task.CompletedTask).AddSubscription(WebSubTarget.Topic(Topic, hub.Url), "old")
            )
        )
        {
            await VerifyAsync(app, hub);
        }

        await using var renamed = await StartAsync(hub, database);
        var request = await hub.NextRequestAsync();

        Assert.Equal("news", Assert.Single(await renamed.ListAsync()).Handler);
        Assert.Contains("/websub/news/", request.Callback, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "BS-17")]
    public async Task UnsubscribedAtShutdown_IsAskedForAgainAtTheNextStart()
    {
        var database = TestFiles.NewDatabase();
        await using var hub = await FakeHub.StartAsync();
        await using (
            var app = await SubscriberApp.StartAsync(database: database, settings: ("WebSub:Subscriber:UnsubscribeOnShutdown", "true"))
        )
        {
            await app.SubscribeAsync(hub);
            var stopping = app.StopAsync();
            await hub.VerifyAsync(await hub.NextRequestAsync());
            await stopping;
        }

        await using var again = await SubscriberApp.StartAsync(database: database);
        var request = await hub.NextRequestAsync();

        Assert.Equal(("subscribe", 3), (request.Mode, hub.Requests.Count));
    }

    [Fact]
    public async Task FreshKey_AtRenewal_ReplacesTheCallbackAndEndsTheOldOneWithItsLease()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock);
        var (subscription, first) = await app.SubscribeAsync(hub, options: new() { FreshKey = true }, lease: 1000);

        clock.Advance(TimeSpan.FromSeconds(750));
        var second = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        var before = await hub.DeliverAsync(first, News);
        await hub.VerifyAsync(second, 1000);
        clock.Advance(TimeSpan.FromSeconds(250));
        var tidy = await hub.NextRequestAsync();
        var confirmed = await hub.VerifyAsync(tidy);

        Assert.NotEqual(first.Callback, second.Callback);
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal(("unsubscribe", first.Callback, 200, 200), (tidy.Mode, tidy.Callback, before.Status, confirmed.Status));
        Assert.Equal(WebSubSubscriptionState.Active, (await app.GetAsync(subscription.Id)).State);
    }

    private static Task<SubscriberApp> StartAsync(FakeHub hub, string database, long? lease = null, string prefix = "/websub") =>
        SubscriberApp.StartAsync(
            database: database,
            build: b =>
                b.AddSubscription(WebSubTarget.Topic(Topic, hub.Url), "news", lease is null ? null : new() { LeaseSeconds = lease }),
            settings: ("WebSub:Subscriber:CallbackPrefix", prefix)
        );

    private static async Task VerifyAsync(SubscriberApp app, FakeHub hub)
    {
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        Assert.Equal(200, (await hub.VerifyAsync(request)).Status);
        await app.NextAsync(WebSubChangeKind.Verified);
    }

    [WebSubSubscription(Topic = "a topic", LeaseSeconds = 3600)]
    private sealed class Annotated : IWebSubHandler
    {
        public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
