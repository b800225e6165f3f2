using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>A callback that has been replaced loses nothing that the hub still has for it. On both databases.</summary>
public abstract class ReplacedCallbackTests
{
    private const string Topic = "https://news.example/feed";

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task UpdatePublishedWhileDown_AppComesBackWithAnotherPrefix_ArrivesOverTheOldCallbackOnce()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest first;
        await using (var app = await SubscriberApp.StartAsync(database: database))
            (_, first) = await app.SubscribeAsync(hub);

        await using var moved = await SubscriberApp.StartAsync(
            database: database,
            settings: ("WebSub:Subscriber:CallbackPrefix", "/elsewhere")
        );
        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second);
        await moved.NextAsync(WebSubChangeKind.Renewed);
        // The hub tries again what it could not deliver; the new app listens on another port.
        var missed = await hub.DeliverAsync(At(moved, first), new() { Body = "missed"u8.ToArray(), DeliveryId = "t/1" });
        var repeat = await hub.DeliverAsync(second, new() { Body = "missed"u8.ToArray(), DeliveryId = "t/1" });
        await hub.DeliverAsync(second, new() { Body = "next"u8.ToArray(), DeliveryId = "t/2" });

        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal((200, 200), (missed.Status, repeat.Status));
        Assert.Equal("missed", (await moved.NextNotificationAsync()).Text);
        Assert.Equal("next", (await moved.NextNotificationAsync()).Text);
    }

    [Fact]
    public async Task OldCallback_AfterTwoMoreStarts_StillAnswersAndIsUnsubscribedAfterTheGraceTime()
    {
        var database = await CreateDatabaseAsync();
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest first;
        await using (var app = await SubscriberApp.StartAsync(clock, database))
            (_, first) = await app.SubscribeAsync(hub, lease: 10 * 86400);
        string prefix;
        await using (var moved = await StartAsync(clock, database, "/elsewhere"))
        {
            prefix = moved.Url;
            await hub.VerifyAsync(await hub.NextRequestAsync(), 10 * 86400);
            await moved.NextAsync(WebSubChangeKind.Renewed);
        }

        await using var again = await StartAsync(clock, database, "/elsewhere", ("WebSub:Subscriber:PublicUrl", prefix));
        var during = await hub.DeliverAsync(At(again, first), "during");
        clock.Advance(TimeSpan.FromSeconds(3600));
        var tidy = await hub.NextRequestAsync();
        var after = await hub.DeliverAsync(At(again, first), "after");

        Assert.Equal(("unsubscribe", first.Callback), (tidy.Mode, tidy.Callback));
        Assert.Equal((200, 410), (during.Status, after.Status));
        Assert.Equal(WebSubSubscriptionState.Active, Assert.Single(await again.ListAsync()).State);
    }

    [Fact]
    public async Task OldCallback_OfAShortLease_IsUnsubscribedWhenThatEnds()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, await CreateDatabaseAsync());
        var (_, first) = await app.SubscribeAsync(hub, options: new() { FreshKey = true }, lease: 1000);
        clock.Advance(TimeSpan.FromSeconds(750));
        await hub.VerifyAsync(await hub.NextRequestAsync(), 86400);
        await app.NextAsync(WebSubChangeKind.Renewed);

        clock.Advance(TimeSpan.FromSeconds(249));
        var before = await hub.DeliverAsync(first, "before");
        clock.Advance(TimeSpan.FromSeconds(1));
        var tidy = await hub.NextRequestAsync();
        var confirmed = await hub.VerifyAsync(tidy);

        Assert.Equal((200, 200), (before.Status, confirmed.Status));
        Assert.Equal(("unsubscribe", first.Callback), (tidy.Mode, tidy.Callback));
        Assert.Null(Assert.Single(await app.ListAsync()).RequestState);
    }

    [Fact]
    public async Task OldCallback_NewLeaseHasLapsed_StillAnswersWithinItsGraceTime()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, await CreateDatabaseAsync());
        var (_, first) = await app.SubscribeAsync(hub, options: new() { FreshKey = true }, lease: 86400);
        clock.Advance(TimeSpan.FromSeconds(64800));
        await hub.VerifyAsync(await hub.NextRequestAsync(), 1000);
        await app.NextAsync(WebSubChangeKind.Renewed);

        clock.Advance(TimeSpan.FromSeconds(1000));
        await app.NextAsync(WebSubChangeKind.Expired);
        var late = await hub.DeliverAsync(first, "late");

        Assert.Equal(200, late.Status);
        Assert.Equal("late", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [InlineData("t/1")]
    [InlineData(null)]
    public async Task Inline_UpdateOverBothCallbacks_IsHandledOnce(string? id)
    {
        var handled = 0;
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            database: await CreateDatabaseAsync(),
            build: b =>
                b.AddHandler(
                    "inline",
                    (_, _) =>
                    {
                        Interlocked.Increment(ref handled);
                        return ValueTask.FromResult(WebSubReply.Accept);
                    }
                )
        );
        var (first, second) = await ReplaceAsync(app, hub, "inline");
        var update = new FakeDelivery { Body = "u"u8.ToArray(), DeliveryId = id };

        var one = await hub.DeliverAsync(first, update);
        var two = await hub.DeliverAsync(second, update);

        Assert.Equal((200, 200, 1), (one.Status, two.Status, handled));
    }

    [Fact]
    public async Task UpdateWithoutId_OverBothCallbacks_IsHandledOnceAndTwiceOverOneTwice()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(database: await CreateDatabaseAsync());
        var (first, second) = await ReplaceAsync(app, hub, "news");

        foreach (var request in new[] { first, second, second, first })
            await hub.DeliverAsync(request, "same");
        await hub.DeliverAsync(second, "last");

        Assert.Equal("same", (await app.NextNotificationAsync()).Text);
        Assert.Equal("same", (await app.NextNotificationAsync()).Text);
        Assert.Equal("last", (await app.NextNotificationAsync()).Text);
    }

    [Fact]
    public async Task CallbackUrl_BeforeTheNewOneIsConfirmed_IsTheOneThatTheHubHas()
    {
        var database = await CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        FakeHubRequest first;
        await using (var app = await SubscriberApp.StartAsync(database: database))
            (_, first) = await app.SubscribeAsync(hub);

        await using var moved = await SubscriberApp.StartAsync(
            database: database,
            settings: ("WebSub:Subscriber:CallbackPrefix", "/elsewhere")
        );
        var second = await hub.NextRequestAsync();
        var before = Assert.Single(await moved.ListAsync()).CallbackUrl;
        await hub.VerifyAsync(second);
        await moved.NextAsync(WebSubChangeKind.Renewed);
        var after = Assert.Single(await moved.ListAsync()).CallbackUrl;

        Assert.Equal((first.Callback, second.Callback), (before, after));
    }

    /// <summary>A subscription without a secret that has had a callback and now has another.</summary>
    private static async Task<(FakeHubRequest First, FakeHubRequest Second)> ReplaceAsync(SubscriberApp app, FakeHub hub, string handler)
    {
        var how = new WebSubSubscribeOptions { FreshKey = true, Signature = WebSubSignaturePolicy.Never };
        var (subscription, first) = await app.SubscribeAsync(hub, options: how, handler: handler);
        await app.Subscriptions.RenewAsync(subscription.Id);
        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second);
        await app.NextAsync(WebSubChangeKind.Renewed);
        return (first, second);
    }

    private static Task<SubscriberApp> StartAsync(
        FakeTimeProvider clock,
        string database,
        string prefix,
        params (string Name, string Value)[] settings
    ) =>
        SubscriberApp.StartAsync(
            clock,
            database,
            settings: [("WebSub:Subscriber:CallbackPrefix", prefix), ("WebSub:Subscriber:CallbackGraceSeconds", "3600"), .. settings]
        );

    private static FakeHubRequest At(SubscriberApp app, FakeHubRequest request) =>
        request with
        {
            Fields = new([
                .. request.Fields.Items.Select(f =>
                    f.Key == "hub.callback" ? KeyValuePair.Create(f.Key, app.Url + new Uri(f.Value).AbsolutePath) : f
                ),
            ]),
        };
}
