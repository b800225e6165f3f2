using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>What arrives together is written together, and each item has its own outcome.</summary>
public abstract class GroupWriterTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private static readonly DatabaseTime Now = new(1_000_000_000);
    private static readonly DatabaseTime Later = Now + TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Item_ThatTheDatabaseRefuses_FailsAlone()
    {
        await using var database = await OpenAsync();
        await database.Db.WriteAsync(s => s.ExecuteAsync("create table {numbers} (x integer not null)"), default);
        var groups = new List<int>();
        using var gate = new SemaphoreSlim(0);
        var begun = new TaskCompletionSource();
        await using var writer = new GroupWriter<int?>(
            database.Db,
            _ => 1,
            async (session, items) =>
            {
                groups.Add(items.Count);
                begun.TrySetResult();
                if (groups.Count == 1)
                    await gate.WaitAsync();
                foreach (var x in items)
                    await session.ExecuteAsync("insert into {numbers} (x) values (@x)", new { x });
            }
        );

        var first = writer.WriteAsync(1, default);
        await begun.Task;
        Task[] others = [writer.WriteAsync(2, default), writer.WriteAsync(null, default), writer.WriteAsync(3, default)];
        gate.Release();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => others[1]);
        await Task.WhenAll(first, others[0], others[2]);
        Assert.Equal([1, 3, 1, 1, 1], groups);
        Assert.Equal([1, 2, 3], await database.Db.ReadAsync(s => s.QueryAsync<long>("select x from {numbers} order by x"), default));
    }

    [Fact]
    public async Task Item_WhoseCallerGivesUpBeforeItIsInAGroup_IsLetGoOf()
    {
        await using var database = await OpenAsync();
        var written = new List<string>();
        using var gate = new SemaphoreSlim(0);
        using var impatient = new CancellationTokenSource();
        var begun = new TaskCompletionSource();
        await using var writer = new GroupWriter<string>(
            database.Db,
            text => text.Length,
            async (_, items) =>
            {
                begun.TrySetResult();
                await gate.WaitAsync();
                written.AddRange(items);
            }
        );
        var first = writer.WriteAsync("first", default);
        await begun.Task;
        var second = writer.WriteAsync("second", impatient.Token);
        var third = writer.WriteAsync("third", default);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var waiting = writer.Waiting;
        gate.Release(2);
        await Task.WhenAll(first, third);

        Assert.Equal(["first", "third"], written);
        Assert.Equal(2, waiting);
    }

    [Fact]
    public async Task Requests_OfOnePairInOneGroup_LeaveTheNewest()
    {
        await using var database = await OpenAsync();
        await using var requests = new RequestStore(database);
        await requests.AddAsync(Request("a", 1) with { Secret = new SealedSecret([0, 1, 255]) }, Now, default);

        await database.Db.WriteAsync(
            session =>
                RequestStore.AddAsync(
                    session,
                    [new(Request("b", 2), Now), new(Request("a", 3), Now), new(Request("b", 4) with { Parameters = "x=é%00" }, Now)]
                ),
            default
        );

        var claimed = (await requests.ClaimAsync("n", 10, Now, Later, default)).OrderBy(r => r.Callback, StringComparer.Ordinal).ToList();
        Assert.Equal([(3L, 1L), (4L, 0L)], claimed.Select(r => (r.LeaseSeconds, r.Generation)));
        Assert.Equal("x=é%00", claimed[1].Parameters);
    }

    [Fact]
    public async Task Activations_OfOneGroup_EndEachAsItWouldAlone()
    {
        await using var database = await OpenAsync();
        await using var requests = new RequestStore(database);
        await using var activations = new ActivationStore(database);
        await ActivateAsync(database, Request("known", 10));
        foreach (var (callback, topic) in new[] { ("known", 1), ("new", 1), ("new", 2), ("replaced", 1) })
            await requests.AddAsync(Request(callback, 20, topic) with { Secret = new SealedSecret([9]) }, Now, default);
        var claimed = await requests.ClaimAsync("n", 10, Now, Later, default);
        await requests.AddAsync(Request("replaced", 30), Now, default);

        var topics = await Task.WhenAll(claimed.Select(r => activations.ActivateAsync(new(r, Now, Later, Now), default)));

        Assert.All(
            claimed.Zip(topics),
            pair => Assert.Equal(pair.First.Callback.EndsWith("replaced", StringComparison.Ordinal), pair.Second is null)
        );
        var stored = await database.Db.ReadAsync(
            s =>
                s.QueryAsync<string>(
                    "select t.url || ' ' || s.callback || ' ' || s.lease_seconds || ' ' || s.version from {subscriptions} s "
                        + "join {topics} t on t.id = s.topic_id order by 1"
                ),
            default
        );
        Assert.Equal(
            [
                "https://publisher.example/1 https://s.example/known 20 1",
                "https://publisher.example/1 https://s.example/new 20 0",
                "https://publisher.example/2 https://s.example/new 20 0",
            ],
            stored
        );
        Assert.Equal(
            [2L, 1L],
            await database.Db.ReadAsync(s => s.QueryAsync<long>("select size from {lanes} order by size desc"), default)
        );
        var waiting = Assert.Single(await requests.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal(30, waiting.LeaseSeconds);
    }

    [Fact]
    public async Task Activations_OfMoreThanALaneHolds_FillOneAndOpenAnother()
    {
        await using var database = await OpenAsync();
        await ActivateAsync(database, [.. Enumerable.Range(0, LaneRooms.LaneSize - 1).Select(i => Request($"{i}", 10))]);

        await ActivateAsync(database, [.. Enumerable.Range(0, 3).Select(i => Request($"late-{i}", 10))]);

        var sizes = await database.Db.ReadAsync(s => s.QueryAsync<long>("select size from {lanes} order by number"), default);
        Assert.Equal([LaneRooms.LaneSize, 2L], sizes);
        Assert.Equal(
            [LaneRooms.LaneSize, 2L],
            await database.Db.ReadAsync(
                s => s.QueryAsync<long>("select count(*) from {subscriptions} group by lane_id order by lane_id"),
                default
            )
        );
    }

    private static Task<IReadOnlyDictionary<string, HeldTopic>> ActivateAsync(HubDatabase database, params RequestRow[] requests) =>
        database.Db.WriteAsync(
            s => ActivationStore.ActivateAsync(s, [.. requests.Select(r => new Activation(r, Now, Later, Now))]),
            default
        );

    private static RequestRow Request(string callback, long lease, int topic = 1) =>
        new()
        {
            Mode = HubModes.Subscribe,
            Topic = $"https://publisher.example/{topic}",
            Callback = $"https://s.example/{callback}",
            LeaseSeconds = lease,
        };

    private async Task<HubDatabase> OpenAsync()
    {
        var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));
        await database.Db.MigrateAsync(typeof(HubDatabase).Assembly, default);
        return database;
    }

    public sealed class OnSqlite() : GroupWriterTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : GroupWriterTests(server);
}
