using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WebSub.Storage;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Leases;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>Two processes of one app on one database, as far as one process can play them.</summary>
public sealed class PostgreSqlTests(PostgreSqlServer server)
{
    [Fact]
    public async Task TwoApps_OnOneDatabase_RenewAndHandleOnce()
    {
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        var handled = new ConcurrentBag<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task Handle(WebSubNotification notification, CancellationToken cancel)
        {
            handled.Add(notification.Text);
            if (handled.Count >= 20)
                all.TrySetResult();
            return Task.CompletedTask;
        }

        await using var hub = await FakeHub.StartAsync();
        await using var one = await SubscriberApp.StartAsync(clock, database, Handle);
        await using var two = await SubscriberApp.StartAsync(clock, database, Handle, settings: ("WebSub:Subscriber:PublicUrl", one.Url));
        // Either may be the one that sends, so neither's events are waited for.
        var subscription = await one.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", hub.Url), "news");
        var request = await hub.NextRequestAsync();
        Assert.Equal(200, (await hub.VerifyAsync(request, 1000)).Status);

        for (var i = 0; i < 20; i++)
            Assert.Equal(200, (await hub.DeliverAsync(request, (FakeDelivery)$"{i}" with { DeliveryId = $"t/{i}" })).Status);
        await clock.AdvanceUntilAsync(all.Task, TimeSpan.FromMilliseconds(1));
        // The jump below is longer than a claim: what had been handled, but not yet saved as such, would be handled again.
        while (await WaitingAsync(one) > 0)
            await StepAsync(clock, TimeSpan.FromMilliseconds(1));
        clock.SetUtcNow((await two.GetAsync(subscription.Id)).RenewAt!.Value);
        var renewal = await hub.NextRequestAsync();
        for (var i = 0; i < 20; i++)
            await StepAsync(clock, TimeSpan.FromSeconds(2));
        await hub.VerifyAsync(renewal, 1000);
        var verifiedAt = clock.GetUtcNow();
        var pacers = new[] { one, two }.Select(app => app.Services.GetRequiredService<HubPacer>()).ToList();
        for (var i = 0; i < 200 && pacers.Exists(p => p.Sharers != 2); i++)
            await StepAsync(clock, TimeSpan.FromSeconds(1));

        // Together they keep the pace that a hub allows.
        Assert.All(pacers, p => Assert.Equal(2, p.Sharers));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(), handled.Order());
        Assert.Equal(2, hub.Requests.Count);
        Assert.Equal(verifiedAt.AddSeconds(1000), (await two.GetAsync(subscription.Id)).LeaseEnd);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1001)]
    public async Task Delivery_AfterAnotherProcessEndedTheSubscription_IsRefused_AndNotStored(int length)
    {
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var one = await SubscriberApp.StartAsync(clock, database, settings: ("WebSub:Subscriber:MaxBodyBytes", "1000"));
        await using var two = await SubscriberApp.StartAsync(clock, database, settings: ("WebSub:Subscriber:PublicUrl", one.Url));
        var (subscription, request) = await one.SubscribeAsync(hub);
        // From here on, the first process knows the callback.
        Assert.Equal(200, (await hub.DeliverAsync(request, (FakeDelivery)"before")).Status);
        await two.Subscriptions.UnsubscribeAsync(subscription.Id, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await hub.VerifyAsync(await hub.NextRequestAsync(), 1000)).Status);

        var late = await hub.DeliverAsync(request, (FakeDelivery)new string('x', length));

        Assert.Equal(410, late.Status);
        var all = await two.Services.GetRequiredService<InboxStore>().ListAsync(null, null, 0, 10, TestContext.Current.CancellationToken);
        Assert.Single(all);
    }

    [Fact]
    [Trait("Ref", "BS-17")]
    public async Task Shutdown_OfTwoApps_OnlyTheLastUnsubscribes()
    {
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var one = await SubscriberApp.StartAsync(
            database: database,
            settings: ("WebSub:Subscriber:UnsubscribeOnShutdown", "true")
        );
        await using var two = await SubscriberApp.StartAsync(
            database: database,
            settings: [("WebSub:Subscriber:UnsubscribeOnShutdown", "true"), ("WebSub:Subscriber:PublicUrl", one.Url)]
        );
        // Either may be the one that sends.
        await one.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", hub.Url), "news");
        Assert.Equal(200, (await hub.VerifyAsync(await hub.NextRequestAsync())).Status);

        await two.StopAsync();
        var afterTheFirst = hub.Requests.Count;
        var stopping = one.StopAsync();
        var unsubscribe = await hub.NextRequestAsync();
        var answer = await hub.VerifyAsync(unsubscribe);
        await stopping;

        Assert.Equal((1, 2), (afterTheFirst, hub.Requests.Count));
        Assert.Equal(("unsubscribe", 200), (unsubscribe.Mode, answer.Status));
    }

    [Fact]
    public async Task App_AfterAnotherDiedInTheMiddleOfAHandler_FinishesItsWorkAtOnce()
    {
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, database);
        var (subscription, _) = await app.SubscribeAsync(hub);
        await using (var dead = new SubscriberDatabase(new WebSubSubscriberOptions { ConnectionString = database }))
            await ClaimOneAsync(dead, subscription, clock);

        var started = clock.GetUtcNow();
        var next = app.NextNotificationAsync();
        await clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(1), moment: TimeSpan.FromMilliseconds(250));

        Assert.Equal("precious", (await next).Text);
        // Not when the claim ended, which is after a minute.
        Assert.True(clock.GetUtcNow() - started < TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task App_WhileAnotherIsInTheMiddleOfAHandler_LeavesItsWorkToIt()
    {
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, database);
        var (subscription, _) = await app.SubscribeAsync(hub);
        await using var busy = new SubscriberDatabase(new WebSubSubscriberOptions { ConnectionString = database });
        await busy.EnsureReadyAsync(TestContext.Current.CancellationToken);
        var life = new ProcessLife(busy, clock, NullLogger<ProcessLife>.Instance);
        await life.BeginAsync(TestContext.Current.CancellationToken);
        await ClaimOneAsync(busy, subscription, clock);
        var processes = new ProcessStore(app.Services.GetRequiredService<SubscriberDatabase>());

        var dead = await processes.FindDeadAsync(TestContext.Current.CancellationToken);
        // Even one that was taken for dead a moment ago keeps its work if it is there now.
        var freed = await processes.FreeAsync([busy.ClaimOwner], TestContext.Current.CancellationToken);
        await life.DisposeAsync();
        // The server needs a moment to see that the session has ended.
        IReadOnlyList<string> deadThen;
        while ((deadThen = await processes.FindDeadAsync(TestContext.Current.CancellationToken)).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Empty(dead);
        Assert.Empty(freed);
        Assert.Equal([busy.ClaimOwner], deadThen);
    }

    [Fact]
    public async Task Roles_TheWebTierTakesDeliveriesAndAWorkerIsWokenToHandleThem()
    {
        // Nothing moves this clock: only a notice can wake the worker.
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        var handled = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hub = await FakeHub.StartAsync();
        using var worker = Worker(
            database,
            clock,
            (n, _) =>
            {
                handled.TrySetResult(n.Text);
                n.Gone();
                return Task.CompletedTask;
            }
        );
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await using var web = await SubscriberApp.StartAsync(clock, database, settings: ("WebSub:Subscriber:Role", "Callbacks"));
        await ListeningAsync(web, count: 2);
        var (subscription, request) = await web.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, "one");
        var text = await handled.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        // What the handler wants of the hub is the web tier's to ask: it is woken too.
        var unsubscribe = await hub.NextRequestAsync();
        await worker.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((200, "one", "unsubscribe"), (answer.Status, text, unsubscribe.Mode));
        Assert.False(web.HasNotification);
        Assert.Equal(subscription.CallbackUrl, unsubscribe.Callback);
    }

    [Fact]
    public async Task Worker_WithoutAPublicUrl_SubscribesThroughTheWebTier()
    {
        // Nothing moves this clock: only a notice can wake the web tier.
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        using var worker = Worker(database, clock, (_, _) => Task.CompletedTask);
        await worker.StartAsync(TestContext.Current.CancellationToken);
        await using var web = await SubscriberApp.StartAsync(clock, database, settings: ("WebSub:Subscriber:Role", "Callbacks"));
        await ListeningAsync(web, count: 2);

        await worker
            .Services.GetRequiredService<IWebSubSubscriptions>()
            .SubscribeAsync(
                WebSubTarget.Topic("https://news.example/feed", hub.Url),
                "news",
                cancellationToken: TestContext.Current.CancellationToken
            );
        var request = await hub.NextRequestAsync();
        await worker.StopAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(web.Url + "/websub/news/", request.Callback, StringComparison.Ordinal);
    }

    private static IHost Worker(string database, TimeProvider clock, Func<WebSubNotification, CancellationToken, Task> handler)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration["ConnectionStrings:WebSubSubscriber"] = database;
        builder.Configuration["WebSub:Subscriber:Role"] = "Workers";
        builder.Services.AddSingleton(clock);
        builder.Services.AddWebSubSubscriber().AddHandler("news", handler);
        return builder.Build();
    }

    private static async Task ListeningAsync(SubscriberApp app, int count)
    {
        var database = app.Services.GetRequiredService<SubscriberDatabase>();
        while (
            await database.ReadAsync(
                session =>
                    session.ScalarAsync<long>(
                        "select count(*) from pg_stat_activity where datname = current_database() and query like 'listen %'"
                    ),
                TestContext.Current.CancellationToken
            ) < count
        )
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static async Task ClaimOneAsync(SubscriberDatabase database, WebSubSubscription subscription, FakeTimeProvider clock)
    {
        var inbox = new InboxStore(database);
        await using var arrivals = new InboxArrivals(database);
        var row = new InboxRow
        {
            SubscriptionId = subscription.Id.ToString("D"),
            Topic = subscription.Topic!,
            BodyHash = "h",
            Body = "precious"u8.ToArray(),
            ReceivedAt = DatabaseTime.From(clock.GetUtcNow()),
        };
        await arrivals.AddFoundAsync(row, RepeatRule.Of(new()), TestContext.Current.CancellationToken);
        Assert.Single(
            await inbox.ClaimDueAsync(clock.GetUtcNow(), clock.GetUtcNow().AddSeconds(60), 1, TestContext.Current.CancellationToken)
        );
    }

    private static async Task<int> WaitingAsync(SubscriberApp app)
    {
        var waiting = 0;
        await foreach (
            var _ in app
                .Services.GetRequiredService<IWebSubInbox>()
                .ListAsync(new() { State = WebSubInboxState.Waiting }, TestContext.Current.CancellationToken)
        )
            waiting++;
        return waiting;
    }

    private static async Task StepAsync(FakeTimeProvider clock, TimeSpan by)
    {
        clock.Advance(by);
        await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }
}
