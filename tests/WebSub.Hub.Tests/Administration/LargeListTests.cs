using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>
/// Lists with 100,000 subscriptions and 100,000 dead letters: a page is one statement that reads little more than the page, by an index in
/// the order of the list.
/// </summary>
public abstract class LargeListTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const int Many = 100_000;
    private static readonly DateTimeOffset Start = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const string Topic = "https://a.example/topic7";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_AmongMany_AreOneStatementEach_ThatReadsByAnIndex_AndMissNothingWhileOthersWrite()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(ConnectionString, null, time);
        await SeedAsync(hub);
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        var paging = new HubPaging(Limit: 100);
        var moment = Start.AddSeconds((Many / 2) + 1);
        var lists = new Dictionary<string, Func<Task<int>>>(StringComparer.Ordinal)
        {
            ["subscriptions"] = async () => (await administration.ListSubscriptionsAsync(new(), paging, Cancelled)).Items.Count,
            ["of a topic"] = async () => (await administration.ListSubscriptionsAsync(new(Topic), paging, Cancelled)).Items.Count,
            ["of a host"] = async () =>
                (await administration.ListSubscriptionsAsync(new(Host: "s7.example"), paging, Cancelled)).Items.Count,
            ["paused"] = async () =>
                (await administration.ListSubscriptionsAsync(new(State: HubSubscriptionState.Paused), paging, Cancelled)).Items.Count,
            ["dead letters"] = async () => (await administration.ListDeadLettersAsync(new(), paging, Cancelled)).Items.Count,
            ["for a topic"] = async () => (await administration.ListDeadLettersAsync(new(Topic), paging, Cancelled)).Items.Count,
            ["for an origin"] = async () =>
                (await administration.ListDeadLettersAsync(new(Origin: "https://s7.example"), paging, Cancelled)).Items.Count,
            ["from then on"] = async () => (await administration.ListDeadLettersAsync(new(From: moment), paging, Cancelled)).Items.Count,
            ["until then"] = async () => (await administration.ListDeadLettersAsync(new(To: moment), paging, Cancelled)).Items.Count,
        };

        foreach (var (name, list) in lists)
        {
            var statements = new ConcurrentQueue<string>();
            hub.Db.Watch = s =>
            {
                // The hub's own loops go on meanwhile.
                if (s.Contains("limit @take", StringComparison.Ordinal))
                    statements.Enqueue(s);
            };
            var count = await list();
            hub.Db.Watch = null;
            Assert.NotEqual(0, count);
            var plan = await PlanAsync(hub, Assert.Single(statements), moment);
            Assert.False(IsSlow(plan), $"{name}:\n{plan}");
        }

        Assert.Equal(
            Many / 10,
            await CountAsync(hub, (after) => administration.ListDeadLettersAsync(new(Topic), new(after, 1000), Cancelled))
        );
        Assert.Equal(
            Many / 10,
            await CountAsync(
                hub,
                after => administration.ListDeadLettersAsync(new(Origin: "https://s7.example"), new(after, 1000), Cancelled)
            )
        );
        Assert.Equal(
            Many / 2,
            await CountAsync(hub, after => administration.ListDeadLettersAsync(new(From: moment), new(after, 1000), Cancelled))
        );
    }

    [Theory]
    [InlineData(HubSubscriptionState.Behind)]
    [InlineData(HubSubscriptionState.Active)]
    public async Task FewInAState_AreFound_WithoutReadingTheManyOthers(HubSubscriptionState state)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(ConnectionString, null, time);
        await SeedAsync(hub);
        var isBehind = state == HubSubscriptionState.Behind ? "id % 1000 = 7" : "id % 1000 <> 7";
        await hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    $"update {{subscriptions}} set position = 0, due = @never, last_error = 'x' where {isBehind} and paused = 0",
                    new { never = long.MaxValue / 100 }
                ),
            Cancelled
        );
        await hub.Db.WriteAsync(s => s.ExecuteAsync(s.Pick("select 1", "analyze {subscriptions}")), Cancelled);
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        var statements = new ConcurrentQueue<string>();
        hub.Db.Watch = s =>
        {
            if (s.Contains("limit @take", StringComparison.Ordinal))
                statements.Enqueue(s);
        };

        var page = await administration.ListSubscriptionsAsync(new(State: state), new(Limit: 1000), Cancelled);
        hub.Db.Watch = null;
        var plan = await PlanAsync(hub, Assert.Single(statements), time.GetUtcNow(), isRun: true);

        Assert.Equal(Many / 1000, page.Items.Count);
        Assert.All(page.Items, s => Assert.Equal(state, s.State));
        // PostgreSQL may read the few by their due times, and sort them.
        if (hub.Db.Dialect == SqlDialect.Sqlite)
            Assert.Contains($"INDEX websub_hub_subscriptions_{state}", plan, StringComparison.OrdinalIgnoreCase);
        else
            Assert.DoesNotMatch("Rows Removed by Filter: [0-9]{4}", plan);
    }

    [Fact]
    public async Task RedeliveryOfAnOrigin_AmongMany_IsAStatementForEveryFiveHundred_ThatReadsByAnIndex()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(ConnectionString, null, time);
        await SeedAsync(hub);
        var statements = new ConcurrentQueue<string>();
        hub.Db.Watch = s =>
        {
            if (s.Contains("select d.id from {dead_letters}", StringComparison.Ordinal))
                statements.Enqueue(s);
        };

        await hub
            .Services.GetRequiredService<IHubAdministration>()
            .RequestAsync(
                new(HubActionKind.RedeliverAll, "", "an operator") { DeadLetters = new(Origin: "https://s7.example") },
                Cancelled
            );
        await hub.UntilAsync("select count(*) from {actions} where done_at is not null");
        hub.Db.Watch = null;
        var plan = await PlanAsync(hub, statements.First(), time.GetUtcNow());

        Assert.Equal((Many / 10 / 500) + 1, statements.Count);
        Assert.False(IsSlow(plan), plan);
    }

    /// <summary>What a list has when each page is followed by writes before it and behind it.</summary>
    private static async Task<int> CountAsync(HubHost hub, Func<string?, Task<HubPage<HubDeadLetter>>> read)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var page = await read(next);
            Assert.All(page.Items, d => Assert.True(seen.Add(d.Id), d.Id));
            next = page.Next;
            // The place where the next page begins is gone, and somebody fails elsewhere.
            await hub.Db.WriteAsync(
                async s =>
                {
                    await s.ExecuteAsync(
                        "delete from {dead_letters} where id = @id",
                        new { id = long.Parse(page.Items[^1].Id, CultureInfo.InvariantCulture) }
                    );
                    await s.ExecuteAsync(Insert("'https://other.example/'", "1", "1", "1"));
                    return 0;
                },
                Cancelled
            );
        } while (next is not null);
        // What was deleted had been seen; it comes back for the next count.
        await hub.Db.WriteAsync(s => s.ExecuteAsync("delete from {dead_letters}"), Cancelled);
        await SeedDeadLettersAsync(hub);
        return seen.Count;
    }

    private static async Task SeedAsync(HubHost hub)
    {
        var numbers = Numbers(hub, Many);
        await hub.Db.WriteAsync(
            async s =>
            {
                await s.ExecuteAsync(
                    "insert into {topics} (id, url, head, created_at) select n, 'https://a.example/topic' || n, 1, 1 from "
                        + $"{Numbers(hub, 10)} x"
                );
                await s.ExecuteAsync("insert into {lanes} (topic_id, number, cursor, size) select id, 1, 1, 1 from {topics}");
                await s.ExecuteAsync(
                    $$"""
                    insert into {subscriptions} (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at,
                      verified_at, paused)
                    select n % 10 + 1, (select min(id) from {lanes}),
                      'https://s' || (n % 10) || '.example/' || n, 's' || (n % 10) || '.example',
                      1, @end, 1, 1, case when n % 1000 = 2 then 1 else 0 end
                    from {{numbers}} x
                    """,
                    new { end = long.MaxValue / 100 }
                );
                return 0;
            },
            Cancelled
        );
        await SeedDeadLettersAsync(hub);
        await hub.Db.WriteAsync(s => s.ExecuteAsync(s.Pick("select 1", "analyze {subscriptions}, {dead_letters}")), Cancelled);
    }

    private static Task SeedDeadLettersAsync(HubHost hub) =>
        hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    Insert(
                        "'https://s' || (n % 10) || '.example:443/' || n",
                        "n",
                        "n % 10 + 1",
                        $"{DatabaseTime.From(Start).Microseconds} + n * 1000000"
                    ) + $" from {Numbers(hub, Many)} x"
                ),
            Cancelled
        );

    private static string Insert(string callback, string id, string topic, string at) =>
        $$"""
            insert into {dead_letters} (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, created_at)
            select {{topic}}, {{id}}, {{callback}}, 1, 1, 1, {{at}}
            """;

    private static string Numbers(HubHost hub, int count) =>
        hub.Db.Dialect == SqlDialect.Sqlite
            ? $"(with recursive n(n) as (select 1 union all select n + 1 from n where n < {count}) select n from n)"
            : $"(select n::bigint from generate_series(1, {count}) n)";

    private static async Task<string> PlanAsync(HubHost hub, string statement, DateTimeOffset moment, bool isRun = false)
    {
        var at = DatabaseTime.From(moment);
        var lines = await hub.Db.ReadAsync(
            s =>
                s.ReadAsync(
                    s.Pick("explain query plan ", isRun ? "explain analyze " : "explain ") + statement,
                    new
                    {
                        after = 10L,
                        Id = 10L,
                        At = at,
                        take = 101,
                        url = Topic,
                        topic = Topic,
                        Topic,
                        host = "s7.example",
                        origin = "https://s7.example",
                        CreatedFrom = at,
                        CreatedTo = at,
                        now = at,
                        Progress = 10L,
                        Bound = (long)Many,
                        Batch = 500,
                    },
                    row => row.GetString(row.FieldCount - 1)
                ),
            Cancelled
        );
        return string.Join('\n', lines);
    }

    private static bool IsSlow(string plan) =>
        plan.Contains("Seq Scan on websub_hub_subscriptions", StringComparison.Ordinal)
        || plan.Contains("Seq Scan on websub_hub_dead_letters", StringComparison.Ordinal)
        || plan.Contains("Sort", StringComparison.Ordinal)
        || plan.Contains("TEMP B-TREE", StringComparison.Ordinal)
        || plan.Split('\n').Any(l => l.StartsWith("SCAN ", StringComparison.Ordinal) && !l.Contains("json", StringComparison.Ordinal));

    public sealed class OnSqlite() : LargeListTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LargeListTests(server);
}
