using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Health;

/// <summary>What the tables say about the hub as a whole.</summary>
public abstract class StateStoreTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task State_OfAHubWithSubscribersBehind_CountsWhatTheyHaveYetToGet()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var healthy = await FakeSubscriber.StartAsync();
        await using var failing = await FakeSubscriber.StartAsync();
        failing.OnDelivery = _ => Task.FromResult(500);
        await hub.SubscribeAsync("https://a.example/", healthy.Callback());
        await hub.SubscribeAsync("https://a.example/", failing.Callback());
        await hub.SubscribeAsync("https://b.example/", failing.Callback());
        foreach (var (topic, text) in new[] { ("https://a.example/", "1"), ("https://a.example/", "2"), ("https://b.example/", "3") })
            await hub.PublishAsync(topic, text);
        for (var i = 0; i < 2; i++)
            await hub.NextDeliveryAsync(healthy);
        await hub.UntilAsync("select case when count(*) = 2 then 1 else 0 end from {subscriptions} where last_status = 500");
        await hub.UntilAsync(
            "select case when count(*) = 0 then 1 else 0 end from {lanes} l join {topics} t on t.id = l.topic_id where l.cursor < t.head"
        );

        var store = hub.Services.GetRequiredService<StateStore>();
        var state = await store.ReadAsync(DatabaseTime.Now(TimeProvider.System), TestContext.Current.CancellationToken);

        Assert.Equal(
            new HubState
            {
                Topics = 2,
                Subscriptions = 3,
                Behind = 2,
                LagSum = 3,
                LagMax = 2,
            },
            state with
            {
                OldestDue = TimeSpan.Zero,
            }
        );
    }

    [Fact]
    public async Task OldestDue_CountsAnActionThatNobodyHasBegun_AndAReplay()
    {
        // The clock stands still, and no signal tells of what is written here.
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        var now = DatabaseTime.Now(clock);
        var store = hub.Services.GetRequiredService<StateStore>();

        await WriteAsync(
            hub,
            "insert into {replays} (action_id, topic_id, callback, next, last, due) values (1, 1, 'https://app.example/', 1, 1, @at)",
            now - TimeSpan.FromSeconds(70)
        );
        var replay = await store.OldestDueAsync(now, TestContext.Current.CancellationToken);
        await WriteAsync(
            hub,
            "insert into {actions} (kind, target, requested_by, requested_at) values ('RedeliverAll', '', 'test', @at)",
            now - TimeSpan.FromSeconds(90)
        );
        var action = await store.OldestDueAsync(now, TestContext.Current.CancellationToken);

        Assert.Equal((TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(90)), (replay, action));
    }

    private protected static Task WriteAsync(HubHost hub, string sql, DatabaseTime at) =>
        hub.Db.WriteAsync(s => s.ExecuteAsync(sql, new { at }), TestContext.Current.CancellationToken);

    public sealed class OnSqlite() : StateStoreTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : StateStoreTests(server)
    {
        [Fact]
        public async Task OldestDue_CountsALaneWithWorkThatNoNodeHolds_SinceItsEntryWasPublishedOrItWasLetGo()
        {
            // A node that only takes in runs no lane.
            await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Roles = HubRoles.Intake);
            var now = DatabaseTime.Now(TimeProvider.System);
            var store = hub.Services.GetRequiredService<StateStore>();
            await WriteAsync(
                hub,
                """
                insert into {topics} (id, url, head, created_at) values (1, 'https://a.example/', 1, @at);
                insert into {topic_work} (topic_id, head) values (1, 1);
                insert into {lanes} (topic_id, number, size, cursor) values (1, 1, 1, 0);
                insert into {contents} (id, body, size, hash) overriding system value values (1, '', 0, '');
                insert into {entries} (topic_id, sequence, content_id, source, published_at) values (1, 1, 1, 'push', @at);
                """,
                now - TimeSpan.FromSeconds(90)
            );

            var published = await store.OldestDueAsync(now, TestContext.Current.CancellationToken);
            await WriteAsync(hub, "update {lanes} set claimed_by = 'x', claimed_until = @at", now - TimeSpan.FromSeconds(30));
            var letGo = await store.OldestDueAsync(now, TestContext.Current.CancellationToken);
            await WriteAsync(hub, "update {lanes} set claimed_until = @at", now + TimeSpan.FromSeconds(30));
            var held = await store.OldestDueAsync(now, TestContext.Current.CancellationToken);

            Assert.Equal((90d, 30d, 0d), (published.TotalSeconds, letGo.TotalSeconds, held.TotalSeconds));
        }
    }
}
