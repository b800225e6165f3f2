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
    public async Task Inline_UpdateOverBothCallbacks_IsHandledOnce()
    {
        var clock = new FakeTimeProvider();
        var handled = 0;
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            await CreateDatabaseAsync(),
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
        var (_, first) = await app.SubscribeAsync(hub, options: new() { FreshKey = true }, lease: 1000, handler: "inline");
        clock.Advance(TimeSpan.FromSeconds(750));
        var second = await hub.NextRequestAsync();
        await hub.VerifyAsync(second, 86400);

        var one = await hub.DeliverAsync(first, new() { Body = "u"u8.ToArray(), DeliveryId = "t/1" });
        var two = await hub.DeliverAsync(second, new() { Body = "u"u8.ToArray(), DeliveryId = "t/1" });

        Assert.Equal((200, 200, 1), (one.Status, two.Status, handled));
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
