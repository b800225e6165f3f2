using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Storage;
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
    public async Task App_AfterAnotherDiedInTheMiddleOfAHandler_FinishesItsWork()
    {
        var clock = new FakeTimeProvider();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(clock, database);
        var (subscription, _) = await app.SubscribeAsync(hub);
        await using (var dead = new SubscriberDatabase(new WebSubSubscriberOptions { ConnectionString = database }))
        {
            var inbox = new InboxStore(dead);
            await inbox.AddAsync(
                new()
                {
                    SubscriptionId = subscription.Id.ToString("D"),
                    Topic = subscription.Topic!,
                    BodyHash = "h",
                    Body = "precious"u8.ToArray(),
                    ReceivedAt = DatabaseTime.From(clock.GetUtcNow()),
                },
                new(null, "", null, IsSigned: false, clock.GetUtcNow()),
                RepeatRule.Of(new()),
                TestContext.Current.CancellationToken
            );
            Assert.Single(
                await inbox.ClaimDueAsync(clock.GetUtcNow(), clock.GetUtcNow().AddSeconds(60), 1, TestContext.Current.CancellationToken)
            );
        }

        for (var i = 0; i < 58; i++)
            await StepAsync(clock, TimeSpan.FromSeconds(1));
        var early = app.HasNotification;
        var next = app.NextNotificationAsync();
        await clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(1));

        Assert.False(early);
        Assert.Equal("precious", (await next).Text);
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
