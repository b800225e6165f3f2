using System.Collections.Concurrent;
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
        var clock = new FakeClock();
        var database = await server.CreateDatabaseAsync();
        var handled = new ConcurrentBag<string>();
        Task Handle(WebSubNotification notification, CancellationToken cancel)
        {
            handled.Add(notification.Text);
            return Task.CompletedTask;
        }

        await using var hub = await FakeHub.StartAsync();
        await using var one = await SubscriberApp.StartAsync(clock, database, Handle);
        await using var two = await SubscriberApp.StartAsync(clock, database, Handle);
        var (subscription, request) = await one.SubscribeAsync(hub, lease: 1000);

        for (var i = 0; i < 20; i++) Assert.Equal(200, (await hub.DeliverAsync(request, (FakeDelivery)$"{i}" with { DeliveryId = $"t/{i}" })).Status);
        for (var i = 0; i < 200 && handled.Count < 20; i++) await StepAsync(clock, TimeSpan.FromMilliseconds(1));
        clock.AdvanceTo(subscription.RenewAt!.Value);
        var renewal = await hub.NextRequestAsync();
        for (var i = 0; i < 20; i++) await StepAsync(clock, TimeSpan.FromSeconds(2));
        await hub.VerifyAsync(renewal, 1000);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}").Order(), handled.Order());
        Assert.Equal(2, hub.Requests.Count);
        Assert.Equal(clock.GetUtcNow().AddSeconds(1000), (await two.GetAsync(subscription.Id)).LeaseEnd);
    }

    private static async Task StepAsync(FakeClock clock, TimeSpan by)
    {
        clock.Advance(by);
        await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }
}
