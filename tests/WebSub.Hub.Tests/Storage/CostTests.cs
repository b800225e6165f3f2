using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>
/// What one publish and its delivery cost the database, counted: rows by triggers on the tables, statements where they are run. Cost
/// follows lanes and failures, never the number of subscribers.
/// </summary>
public abstract class CostTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const int Many = 10_000;
    private const int LooksPerTick = 100;
    private const string Behind =
        "select count(*) from {topics} t left join {lanes} l on t.id = l.topic_id where t.url = @topic and (l.cursor < t.head "
        + "or l.claimed_by is not null";
    private static readonly string[] Tables = ["topics", "contents", "entries", "lanes", "subscriptions", "requests", "dead_letters"];
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(30);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task PublishAndDelivery_To10000HealthySubscribers_WriteAndRunWhatTheyDoForOne_ButForOneRowPerLane()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, Healthy, _clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await SeedAsync(hub, subscriber, Topic + "0", 1);
        await SeedAsync(hub, subscriber, Topic + "1", 1);
        await SeedAsync(hub, subscriber, Topic + "2", Many);
        await CountRowsAsync(hub);

        await MeasureAsync(hub, subscriber, Topic + "0", 1);
        var one = await MeasureAsync(hub, subscriber, Topic + "1", 1);
        var many = await MeasureAsync(hub, subscriber, Topic + "2", Many);

        // On PostgreSQL a lane's row is written twice: for its claim and, with its cursor, to give that back.
        var perLane = hub.Db.Dialect == SqlDialect.PostgreSql ? 2 : 1;
        Assert.Equal((perLane, Many / 1000 * perLane), (one.Rows["lanes"], many.Rows["lanes"]));
        one.Rows.Remove("lanes");
        many.Rows.Remove("lanes");
        Assert.Equal(one.Rows, many.Rows);
        Assert.Equal(
            (1, 1, 1, false),
            (one.Rows["topics"], one.Rows["contents"], one.Rows["entries"], one.Rows.ContainsKey("subscriptions"))
        );
        Assert.Contains(one.Writes, w => w.StartsWith("insert into {entries}", StringComparison.Ordinal));
        Assert.Equal(one.Writes.Distinct(), many.Writes.Distinct());
        // Lanes that end at different moments may be saved by different statements; subscribers never are.
        Assert.InRange(many.Writes.Count, one.Writes.Distinct().Count(), one.Writes.Count + (Many / 1000));
    }

    [Fact]
    public async Task NextPublish_ToALaneThatNothingHappenedTo_ReadsNoMember()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, Healthy, _clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await SeedAsync(hub, subscriber, Topic, 10);
        await CountRowsAsync(hub);

        var first = await MeasureAsync(hub, subscriber, Topic, 10);
        var second = await MeasureAsync(hub, subscriber, Topic, 10);

        Assert.Single(first.Reads, ReadsMembers);
        Assert.DoesNotContain(second.Reads, ReadsMembers);

        static bool ReadsMembers(string statement) => statement.Contains("s.callback", StringComparison.Ordinal);
    }

    /// <summary>Nothing is slow here: the clock stands, so what is counted does not depend on the machine.</summary>
    // On a busy machine the clock of the test runs ahead of answers that are on their way: they are no stragglers for that.
    private static void Healthy(HubOptions options)
    {
        (options.Delivery.MaxConcurrency, options.Delivery.MaxPerOrigin) = (100, 100);
        (options.Delivery.Straggler, options.Delivery.Timeout) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
    }

    private static async Task SeedAsync(HubHost hub, FakeSubscriber subscriber, string topic, int count)
    {
        const string Numbers = "with recursive n (i) as (select 1 union all select i + 1 from n where i < @count) ";
        var now = DatabaseTime.Now(hub.Services.GetRequiredService<TimeProvider>());
        await hub.Db.WriteAsync(
            async session =>
            {
                var topicId = await TopicStore.FindOrAddAsync(session, topic, now);
                await session.ExecuteAsync(
                    Numbers + "insert into {lanes} (topic_id, number, size, cursor) select @topicId, i, @size, 0 from n",
                    new
                    {
                        topicId,
                        count = (count + 999) / 1000,
                        size = Math.Min(count, 1000),
                    }
                );
                await session.ExecuteAsync(
                    Numbers
                        + """
                        insert into {subscriptions} (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at,
                          verified_at)
                        select @topicId, (select id from {lanes} l where l.topic_id = @topicId
                          and l.number = (i - 1) / 1000 + 1), @callback || i, '127.0.0.1', 864000, @end, @now, @now from n
                        """,
                    new
                    {
                        topicId,
                        count,
                        callback = subscriber.Callback($"{count}-"),
                        now,
                        end = now + TimeSpan.FromDays(10),
                    }
                );
            },
            default
        );
    }

    private static Task CountRowsAsync(HubHost hub) =>
        hub.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("create table written (name text)");
                if (session.Dialect == SqlDialect.PostgreSql)
                    await session.ExecuteAsync(
                        "create function count_row() returns trigger language plpgsql as "
                            + "'begin insert into written values (tg_argv[0]); return null; end'"
                    );
                foreach (var table in session.Dialect == SqlDialect.PostgreSql ? [.. Tables, "topic_work"] : Tables)
                {
                    foreach (var verb in new[] { "insert", "update", "delete" })
                    {
                        var what = session.Pick(
                            $"begin insert into written values ('{table}'); end",
                            $"for each row execute function count_row('{table}')"
                        );
                        await session.ExecuteAsync($$"""create trigger count_{{table}}_{{verb}} after {{verb}} on {{{table}}} {{what}}""");
                    }
                }
            },
            default
        );

    private async Task<(Dictionary<string, long> Rows, List<string> Writes, List<string> Reads)> MeasureAsync(
        HubHost hub,
        FakeSubscriber subscriber,
        string topic,
        int count
    )
    {
        var statements = new ConcurrentQueue<string>();
        await hub.Db.WriteAsync(session => session.ExecuteAsync("delete from written"), default);
        hub.Db.Watch = s =>
        {
            if (!s.StartsWith(Behind, StringComparison.Ordinal))
                statements.Enqueue(s);
        };
        await hub.PublishAsync(topic, "content");
        for (var i = 0; i < count; i++)
            await hub.NextDeliveryAsync(subscriber);

        // Now everybody has had it; the lanes are saved when the clock goes on, well before the second in which all runs are.
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        for (var looks = 0; await BehindAsync(hub, topic, deadline.Token) > 0; looks++)
        {
            if (looks % LooksPerTick == 0)
                _clock.Advance(Tick);
        }

        hub.Db.Watch = null;
        var rows = await hub.Db.ReadAsync(session => session.QueryAsync<string>("select name from written"), default);
        var byKind = statements
            .Select(s => s.TrimStart())
            .Order(StringComparer.Ordinal)
            .ToLookup(s => s.StartsWith("select", StringComparison.Ordinal));
        return (rows.GroupBy(r => r).ToDictionary(g => g.Key, g => (long)g.Count()), [.. byKind[false]], [.. byKind[true]]);
    }

    private static Task<long> BehindAsync(HubHost hub, string topic, CancellationToken cancellationToken) =>
        hub.Db.ReadAsync(
            session =>
                session.ScalarAsync<long>(
                    Behind + session.Pick(")", " or exists (select 1 from {topic_work} w where w.topic_id = t.id))"),
                    new { topic }
                ),
            cancellationToken
        );

    public sealed class OnSqlite() : CostTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : CostTests(server);
}
