using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Subscribing;

/// <summary>The sweep of expired subscriptions does not hold up deliveries.</summary>
public abstract class ExpirySweepTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const int Expired = 1200;
    private const int Step = 500;

    [Fact]
    [Trait("Req", "H21")]
    public async Task Sweep_OfManyRows_GoesInSteps_AndDeliveriesPassInBetween()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await AddExpiredAsync(hub, clock);
        var subscriptions = hub.Services.GetRequiredService<SubscriptionStore>();

        var steps = new List<int>();
        do
        {
            steps.Add((await subscriptions.SweepExpiredAsync(DatabaseTime.Now(clock), Step, TestContext.Current.CancellationToken)).Count);
            await hub.PublishAsync(Topic, $"after {steps.Count} steps");
            Assert.Equal($"after {steps.Count} steps", (await hub.NextDeliveryAsync(subscriber)).Text);
        } while (steps[^1] == Step);

        Assert.Equal([500, 500, 200], steps);
        Assert.Equal(
            [subscriber.Callback()],
            await hub.Db.ReadAsync(s => s.QueryAsync<string>("select callback from {subscriptions}"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            1,
            await hub.Db.ReadAsync(
                s => s.ScalarAsync<long>("select cast(sum(size) as bigint) from {lanes}"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(3, subscriber.Deliveries.Count);
    }

    /// <summary>Subscriptions whose leases have ended, in the lane of the one that is there.</summary>
    private static Task AddExpiredAsync(HubHost hub, FakeTimeProvider clock) =>
        hub.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    with recursive n (i) as (select 1 union all select i + 1 from n where i < @Expired)
                    insert into {subscriptions}
                        (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at, verified_at)
                    select (select id from {topics}), (select id from {lanes}), 'http://expired.example/' || i, 'expired.example', 1,
                        @end, @end, @end from n
                    """,
                    new { Expired, end = DatabaseTime.Now(clock) - TimeSpan.FromMicroseconds(1) }
                );
                await session.ExecuteAsync(
                    "update {lanes} set size = size + @Expired, members_version = members_version + 1",
                    new { Expired }
                );
            },
            default
        );

    public sealed class OnSqlite() : ExpirySweepTests(null)
    {
        [Fact]
        public async Task Sweep_LooksUpPendingRequests_ByTheirCallback()
        {
            await using var hub = await StartHubAsync();
            var sweep = "";
            hub.Db.Watch = s => sweep = s.StartsWith("delete from {subscriptions}", StringComparison.Ordinal) ? s : sweep;
            await hub
                .Services.GetRequiredService<SubscriptionStore>()
                .SweepExpiredAsync(DatabaseTime.Epoch, Step, TestContext.Current.CancellationToken);
            hub.Db.Watch = null;

            var plan = await hub.Db.ReadAsync(
                s => s.ReadAsync("explain query plan " + sweep, new { now = 0, max = Step }, row => row.GetString(3)),
                TestContext.Current.CancellationToken
            );

            Assert.Contains(plan, step => step.Contains("websub_hub_requests_callback", StringComparison.Ordinal));
        }
    }

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : ExpirySweepTests(server)
    {
        /// <summary>SQLite has one writer: there a step is all that may be under way.</summary>
        [Fact]
        public async Task Sweep_WhoseTransactionIsUnderWay_HoldsNoDeliveryUp()
        {
            var clock = new FakeTimeProvider();
            await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
            await using var subscriber = await FakeSubscriber.StartAsync();
            await hub.SubscribeAsync(Topic, subscriber.Callback());
            await AddExpiredAsync(hub, clock);
            // Another node sweeps, and stands still once its rows are deleted.
            await using var other = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));
            using var goOn = new ManualResetEventSlim();
            var deleted = new TaskCompletionSource();
            other.Db.Watch = statement =>
            {
                if (!statement.StartsWith("update {lanes}", StringComparison.Ordinal))
                    return;
                deleted.TrySetResult();
                goOn.Wait(HubHost.Deadline);
            };

            var sweeping = Task.Run(() =>
                new SubscriptionStore(other).SweepExpiredAsync(DatabaseTime.Now(clock), Step, TestContext.Current.CancellationToken)
            );
            await deleted.Task.WaitAsync(HubHost.Deadline);
            await hub.PublishAsync(Topic, "meanwhile");
            var delivery = await hub.NextDeliveryAsync(subscriber);
            var wasSweeping = !sweeping.IsCompleted;
            goOn.Set();

            Assert.Equal(("meanwhile", true), (delivery.Text, wasSweeping));
            Assert.Equal(Step, (await sweeping).Count);
        }
    }
}
