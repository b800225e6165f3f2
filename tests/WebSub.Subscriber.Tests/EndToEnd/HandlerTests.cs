using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class HandlerTests
{
    [Fact]
    [Trait("Ref", "BS-7")]
    [Trait("Req", "S23")]
    public async Task QueuedHandler_SaysGone_UnsubscribesAndLaterDeliveriesAre410()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            news: (n, _) =>
            {
                n.Gone();
                return Task.CompletedTask;
            }
        );
        var (_, request) = await app.SubscribeAsync(hub);

        var first = await hub.DeliverAsync(request, "one");
        var unsubscribe = await hub.NextRequestAsync();
        var second = await hub.DeliverAsync(request, "two");
        await hub.VerifyAsync(unsubscribe);
        await app.NextAsync(WebSubChangeKind.Unsubscribed);

        Assert.Equal((200, "unsubscribe", 410), (first.Status, unsubscribe.Mode, second.Status));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task QueuedHandler_ThatHangs_IsCancelledAndCalledAgain_AndHoldsUpNobody(bool heedsItsToken)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var (calls, cancelled) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (_, token) =>
            {
                if (Interlocked.Increment(ref calls) > 1)
                    return Task.CompletedTask;
                token.Register(() => cancelled.TrySetResult());
                return new TaskCompletionSource().Task.WaitAsync(heedsItsToken ? token : CancellationToken.None);
            },
            settings: ("WebSub:Subscriber:Inbox:HandlerTimeoutSeconds", "30")
        );
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(request, "one");
        await hub.DeliverAsync(request, "two");
        var handled = Task.WhenAll(app.NextNotificationAsync(), app.NextNotificationAsync());
        for (var i = 0; !handled.IsCompleted; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            // An answer of the app, so that it gets a turn between two looks at the clock.
            await hub.DeliverAsync(request, (FakeDelivery)$"later {i}");
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(["one", "two"], (await handled).Select(n => n.Text));
        Assert.Equal(2, (await handled)[0].Attempt);
    }

    [Fact]
    public async Task Filters_StandAroundTheHandlerInTheirOrder()
    {
        var seen = new ConcurrentQueue<string>();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            news: (n, _) =>
            {
                seen.Enqueue("handler");
                return Task.CompletedTask;
            },
            build: b =>
            {
                b.Services.AddSingleton(seen);
                b.AddFilter<Outer>().AddFilter<Inner>();
            }
        );
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(request, "one");
        await app.NextNotificationAsync();

        Assert.Equal(["outer", "inner", "handler"], seen);
    }

    [Fact]
    public async Task Parked_IsListedAndHandledWhenReplayed()
    {
        var broken = true;
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            news: (_, _) => broken ? throw new InvalidOperationException("No disk.") : Task.CompletedTask,
            settings: ("WebSub:Subscriber:Inbox:MaxAttempts", "1")
        );
        var (_, request) = await app.SubscribeAsync(hub);
        await hub.DeliverAsync(request, "one");
        await app.NextAsync(WebSubChangeKind.NotificationParked);
        var inbox = app.Services.GetRequiredService<IWebSubInbox>();

        var parked = new List<WebSubInboxItem>();
        await foreach (var item in inbox.ListAsync(new() { State = WebSubInboxState.Parked }))
            parked.Add(item);
        broken = false;
        var replayed = await inbox.ReplayAsync(parked[0].Id);
        var handled = await app.NextNotificationAsync();

        Assert.Equal(("No disk.", 3, 1), (Assert.Single(parked).LastError, parked[0].Length, parked[0].Attempts));
        Assert.True(replayed);
        Assert.Equal("one", handled.Text);
        Assert.False(await inbox.ReplayAsync(12345));
    }

    [Fact]
    public async Task SameBodyWithoutId_WithinTheWindow_IsDropped()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, settings: ("WebSub:Subscriber:Inbox:RepeatWindowSeconds", "60"));
        var (_, request) = await app.SubscribeAsync(hub, options: new() { Signature = WebSubSignaturePolicy.Never });

        await hub.DeliverAsync(request, "same");
        await app.NextNotificationAsync();
        var repeat = await hub.DeliverAsync(request, "same");
        await hub.DeliverAsync(request, "other");
        var second = await app.NextNotificationAsync();
        clock.Advance(TimeSpan.FromSeconds(61));
        await hub.DeliverAsync(request, "same");
        var third = await app.NextNotificationAsync();

        Assert.Equal((200, "other", "same"), (repeat.Status, second.Text, third.Text));
    }

    [Theory]
    [Trait("Req", "S27")]
    [InlineData("news")]
    [InlineData("inline")]
    public async Task SignedDelivery_SentAgainWithAnInventedId_IsDroppedUntilTheWindowHasPassed(string handler)
    {
        var clock = new FakeTimeProvider();
        var handled = new ConcurrentQueue<string>();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (n, _) =>
            {
                handled.Enqueue(n.Text);
                return Task.CompletedTask;
            },
            build: b =>
                b.AddHandler(
                    "inline",
                    (n, _) =>
                    {
                        handled.Enqueue(n.Text);
                        return ValueTask.FromResult(WebSubReply.Accept);
                    }
                )
        );
        var (_, request) = await app.SubscribeAsync(hub, handler: handler);
        var captured = new FakeDelivery { Body = "a"u8.ToArray(), DeliveryId = "t/1" };

        foreach (var id in new[] { "t/1", "invented", "u/7", null })
            await hub.DeliverAsync(request, captured with { DeliveryId = id });
        clock.Advance(TimeSpan.FromMinutes(11));
        var late = await hub.DeliverAsync(request, captured with { DeliveryId = "late" });
        await app.UntilAsync(() => Task.FromResult(handled.Count == 2));

        Assert.Equal(200, late.Status);
        Assert.Equal(["a", "a"], handled);
    }

    [Fact]
    [Trait("Req", "X3")]
    public async Task VerifyToken_IsSentAndMustComeBack()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic("t", hub.Url),
            "news",
            new() { Verify = WebSubVerify.Sync, VerifyToken = "tok" }
        );
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        var without = await hub.VerifyAsync(request);
        var with = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", "t").Add("hub.challenge", "c").Add("hub.verify_token", "tok")
        );

        Assert.Equal(("sync", "tok"), (request.Fields["hub.verify"], request.Fields["hub.verify_token"]));
        Assert.Equal((404, 200, "c"), (without.Status, with.Status, with.Body));
    }

    [Fact]
    [Trait("Ref", "BS-15")]
    public async Task HubHttpClient_OfTheApp_MakesTheRequests()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b =>
            b.AddHubHttpClient("partner").ConfigureHttpClient(c => c.DefaultRequestHeaders.Add("X-Partner", "me"))
        );

        await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic("t", hub.Url),
            "news",
            new() { HttpClient = "partner", Parameters = [new("p", "1")] }
        );
        var request = await hub.NextRequestAsync();

        Assert.Equal(("me", "1"), (request.Headers["X-Partner"], request.Fields["p"]));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("u", hub.Url), "news", new() { HttpClient = "nobody" })
        );
    }

    [Fact]
    [Trait("Ref", "BS-15")]
    public async Task DiscoveryHttpClient_OfTheApp_ReadsTheResource()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b =>
            b.AddHubHttpClient("member").ConfigureHttpClient(c => c.DefaultRequestHeaders.Add("X-Member", "me"))
        );

        await app.Subscriptions.SubscribeAsync(publisher.Url(), "news", new() { DiscoveryHttpClient = "member" });
        var fetch = await publisher.NextFetchAsync();

        Assert.Equal("me", fetch.Headers["X-Member"]);
        await Assert.ThrowsAsync<ArgumentException>(() =>
            app.Subscriptions.SubscribeAsync("https://other.example/", "news", new() { DiscoveryHttpClient = "nobody" })
        );
    }

    [Fact]
    public async Task Inbox_HandledAndParked_AreKeptForTheirOwnTimes()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (notification, _) => notification.Text == "bad" ? throw new InvalidOperationException("I cannot.") : Task.CompletedTask,
            settings:
            [
                ("WebSub:Subscriber:Inbox:MaxAttempts", "1"),
                ("WebSub:Subscriber:Inbox:RetentionSeconds", "7200"),
                ("WebSub:Subscriber:Inbox:ParkedRetentionSeconds", "36000"),
            ]
        );
        var (_, request) = await app.SubscribeAsync(hub, lease: 864000);
        await hub.DeliverAsync(request, "bad");
        await app.NextAsync(WebSubChangeKind.NotificationParked);
        await hub.DeliverAsync(request, "good");
        await app.NextNotificationAsync();

        var start = clock.GetUtcNow();
        await UntilAsync(app, clock, 1);
        var handledGone = clock.GetUtcNow() - start;
        var left = Assert.Single(await StoredAsync(app));
        await UntilAsync(app, clock, 0);

        Assert.Equal((WebSubInboxState.Parked, "I cannot."), (left.State, left.LastError));
        // It is looked at each hour.
        Assert.InRange(handledGone, TimeSpan.FromHours(2), TimeSpan.FromHours(4));
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromHours(10), TimeSpan.FromHours(12));
    }

    private static Task UntilAsync(SubscriberApp app, FakeTimeProvider clock, int count) =>
        clock.AdvanceUntilAsync(
            app.UntilAsync(async () => (await StoredAsync(app)).Count == count),
            TimeSpan.FromMinutes(10),
            moment: TimeSpan.FromMilliseconds(20)
        );

    private static async Task<List<WebSubInboxItem>> StoredAsync(SubscriberApp app)
    {
        var all = new List<WebSubInboxItem>();
        await foreach (var item in app.Services.GetRequiredService<IWebSubInbox>().ListAsync())
            all.Add(item);
        return all;
    }

    [Theory]
    [Trait("Ref", "BS-1")]
    [InlineData("denied")]
    [InlineData("hub-error")]
    public async Task Notice_WithChallenge_IsNotEchoed(string mode)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", mode).Add("hub.topic", request.Topic).Add("hub.challenge", "echo me")
        );

        Assert.Equal((200, ""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Get_UnsubscribeNobodyAskedFor_DeletesNothing()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", "unsubscribe").Add("hub.topic", request.Topic).Add("hub.challenge", "c")
        );

        Assert.Equal((404, WebSubSubscriptionState.Active), (answer.Status, (await app.GetAsync(subscription.Id)).State));
    }

    private sealed class Outer(ConcurrentQueue<string> seen) : IWebSubFilter
    {
        public ValueTask<WebSubReply> InvokeAsync(
            WebSubNotification notification,
            Func<ValueTask<WebSubReply>> next,
            CancellationToken cancellationToken
        )
        {
            seen.Enqueue("outer");
            return next();
        }
    }

    private sealed class Inner(ConcurrentQueue<string> seen) : IWebSubFilter
    {
        public ValueTask<WebSubReply> InvokeAsync(
            WebSubNotification notification,
            Func<ValueTask<WebSubReply>> next,
            CancellationToken cancellationToken
        )
        {
            seen.Enqueue("inner");
            return next();
        }
    }
}
