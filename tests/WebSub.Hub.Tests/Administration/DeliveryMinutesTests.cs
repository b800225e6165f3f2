using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Administration;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>What was sent within the last hour, whichever node sent it.</summary>
public abstract class DeliveryMinutesTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private protected const string Topic = "https://publisher.example/feed";
    private readonly JumpingClock _clock = new();

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private protected Task<HubHost> StartNodeAsync(Action<IServiceCollection>? services = null) =>
        HubHost.StartAsync(ConnectionString, time: _clock, services: services);

    private protected void Jump(TimeSpan by) => _clock.Jump(by);

    [Fact]
    public async Task LastHour_OfAHubThatIsStartedAgain_IsThatOfTheOneBefore()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var before = await StartNodeAsync())
        {
            await DeliverAsync(before, subscriber);
            await before.StopAsync();
        }

        await using var after = await StartNodeAsync();
        var overview = await OverviewAsync(after);
        var origin = Assert.Single(await OriginsAsync(after));

        Assert.Equal((60, 1, 1), (overview.LastHour.Count, overview.LastHour[^1].Delivered, overview.LastHour[^1].Failed));
        Assert.InRange(overview.LastHour[^1].MedianSeconds!.Value, 0.001, 30);
        Assert.Equal((1, 1), (origin.Delivered, origin.Failed));
    }

    [Fact]
    public async Task Minute_IsStoredOnceWhenItIsOver_AndNoneInWhichNothingWasSent()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartNodeAsync(WithoutTask);
        var minutes = hub.Services.GetRequiredService<DeliveryMinutes>();
        await DeliverAsync(hub, subscriber);
        var writes = new ConcurrentQueue<string>();
        hub.Db.Watch = s => Note(writes, s);

        await minutes.StoreAsync(Cancelled);
        var whileItRuns = writes.Count;
        _clock.Jump(TimeSpan.FromMinutes(1));
        await minutes.StoreAsync(Cancelled);
        var atItsEnd = writes.Count;
        for (var i = 0; i < 3; i++)
        {
            _clock.Jump(TimeSpan.FromMinutes(1));
            await minutes.StoreAsync(Cancelled);
        }

        Assert.Equal((0, 1, 1), (whileItRuns, atItsEnd, writes.Count));
        Assert.Equal(1, (await OverviewAsync(hub)).LastHour[^5].Delivered);
    }

    [Fact]
    public async Task Rows_OfWhateverNode_AreDroppedAfterTwoHours()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartNodeAsync(WithoutTask);
        await hub.Db.WriteAsync(
            async s =>
            {
                var now = _clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
                foreach (var (node, age) in new[] { ("old", 121), ("young", 119) })
                {
                    var row = new { node, at = now - (age * 60_000_000L) };
                    await s.ExecuteAsync("insert into {minutes} values (@at, @node, 7, 7, '7')", row);
                    await s.ExecuteAsync("insert into {origin_spans} values (@at, @node, 'http://a.example', 7, 7)", row);
                }
            },
            Cancelled
        );
        await DeliverAsync(hub, subscriber);

        await hub.Services.GetRequiredService<DeliveryMinutes>().StoreRestAsync(Cancelled);
        var left = await hub.Db.ReadAsync(
            s => s.QueryAsync<string>("select node from {minutes} union all select node from {origin_spans} order by 1"),
            Cancelled
        );

        Assert.Equal(["young", "young"], left.Where(n => n is "old" or "young"));
        Assert.Equal(1, (await OverviewAsync(hub)).LastHour.Sum(m => m.Delivered));
    }

    /// <summary>Has an update delivered to one callback and refused by another.</summary>
    private protected static async Task DeliverAsync(HubHost hub, FakeSubscriber subscriber)
    {
        subscriber.OnDelivery = d => Task.FromResult(d.Target.Contains("bad", StringComparison.Ordinal) ? 410 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback("good"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("bad"));
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.NextDeliveryAsync(subscriber);
        // Both have been counted once both have been saved.
        await hub.UntilAsync("select case when count(*) = 1 then 1 else 0 end from {subscriptions}");
        await hub.UntilAsync(
            "select count(*) from {subscriptions} s join {lanes} l on l.id = s.lane_id where coalesce(s.position, l.cursor) = 1"
        );
    }

    private protected static Task<HubOverview> OverviewAsync(HubHost hub) =>
        hub.Services.GetRequiredService<IHubAdministration>().GetOverviewAsync(Cancelled);

    private protected static async Task<IReadOnlyList<HubOrigin>> OriginsAsync(HubHost hub) =>
        (await hub.Services.GetRequiredService<IHubAdministration>().ListOriginsAsync(cancellationToken: Cancelled)).Items;

    private static void WithoutTask(IServiceCollection services) =>
        services.Remove(services.Single(s => s.ImplementationType == typeof(DeliveryMinutesTask)));

    private static void Note(ConcurrentQueue<string> writes, string statement)
    {
        if (statement.StartsWith("insert into {minutes}", StringComparison.Ordinal))
            writes.Enqueue(statement);
    }

    /// <summary>It runs as the real one does, but begins a second into a minute and can be set forward.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _shift = TimeSpan.TicksPerMinute + TimeSpan.TicksPerSecond - (System.GetUtcNow().Ticks % TimeSpan.TicksPerMinute);

        public void Jump(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _shift));
    }

    public sealed class OnSqlite() : DeliveryMinutesTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : DeliveryMinutesTests(server)
    {
        [Fact]
        public async Task Overview_OfANode_AddsWhatTheOtherSent()
        {
            await using var subscriber = await FakeSubscriber.StartAsync();
            await using var sender = await StartNodeAsync();
            await DeliverAsync(sender, subscriber);
            await using var other = await StartNodeAsync();

            Jump(TimeSpan.FromMinutes(1));
            await sender.UntilAsync("select count(*) from {minutes}");
            var (here, there) = (await OverviewAsync(sender), await OverviewAsync(other));
            var (origin, same) = (Assert.Single(await OriginsAsync(sender)), Assert.Single(await OriginsAsync(other)));

            Assert.Equal((1, 1), (there.LastHour[^2].Delivered, there.LastHour[^2].Failed));
            Assert.Equal(here.LastHour, there.LastHour);
            Assert.Equal((1, 1), (same.Delivered, same.Failed));
            Assert.Equal((origin.Origin, origin.Delivered, origin.Failed), (same.Origin, same.Delivered, same.Failed));
        }
    }
}
