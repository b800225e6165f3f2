using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>Pauses while other transactions of the same PostgreSQL database are under way. SQLite has one writer.</summary>
[Trait("Starts", "PostgreSql")]
public sealed class PauseRaceTests(PostgreSqlServer server)
{
    private const string Topic = "https://publisher.example/feed";
    private const string Origin = "https://s.example";
    private static readonly DatabaseTime Now = new(1_000_000_000);
    private static readonly DatabaseTime Later = Now + TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(HubActionKind.PauseTopic, 1)]
    [InlineData(HubActionKind.PauseOrigin, 1)]
    [InlineData(HubActionKind.ResumeTopic, 0)]
    [InlineData(HubActionKind.ResumeOrigin, 0)]
    public async Task Pause_CarriedOutWhileASubscriptionIsStored_ConcernsItToo(HubActionKind kind, long paused)
    {
        await using var database = await OpenAsync();
        var actions = new ActionStore(database);
        var topic = await database.Db.WriteAsync(s => TopicStore.FindOrAddAsync(s, Topic, Now), default);
        if (paused == 0)
        {
            var before = kind == HubActionKind.ResumeTopic ? HubActionKind.PauseTopic : HubActionKind.PauseOrigin;
            await actions.CarryOutAsync(await AskAsync(actions, before, topic), Now, default);
        }

        var asked = await AskAsync(actions, kind, topic);
        using var gate = new SemaphoreSlim(0);
        var stored = new TaskCompletionSource();

        var storing = database.Db.WriteAsync(
            async session =>
            {
                await ActivationStore.ActivateAsync(session, [new(Request, Now, Later, Now)]);
                stored.TrySetResult();
                await gate.WaitAsync();
            },
            default
        );
        await stored.Task;
        var carryingOut = actions.CarryOutAsync(asked, Now, default);
        await Elsewhere.UntilAsync(async () => carryingOut.IsCompleted || await CountWaitingAsync(database) > 0);
        gate.Release();
        await storing;
        var step = await carryingOut;

        Assert.Equal(1, step!.Affected);
        Assert.Equal(paused, await CountAsync(database, "paused <> 0"));
        Assert.Equal(1 - paused, await CountAsync(database, $"due <= {Now.Microseconds}"));
    }

    [Fact]
    public async Task TwoResumes_OfOneSubscriptionAtTheSameTime_TakeItsPauseAwayOnce()
    {
        await using var database = await OpenAsync();
        var actions = new ActionStore(database);
        await database.Db.WriteAsync(s => ActivationStore.ActivateAsync(s, [new(Request, Now, Later, Now)]), default);
        await actions.CarryOutAsync(await AskAsync(actions, HubActionKind.PauseSubscription), Now, default);
        var asked = new[]
        {
            await AskAsync(actions, HubActionKind.ResumeSubscription),
            await AskAsync(actions, HubActionKind.ResumeSubscription),
        };
        using var gate = new SemaphoreSlim(0);
        var held = new TaskCompletionSource();

        var holding = database.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("select 1 from {subscriptions} for update");
                held.TrySetResult();
                await gate.WaitAsync();
            },
            default
        );
        await held.Task;
        var resuming = asked.Select(a => actions.CarryOutAsync(a, Now, default)).ToList();
        await Elsewhere.UntilAsync(async () => await CountWaitingAsync(database) == 2);
        gate.Release();
        await holding;
        var steps = await Task.WhenAll(resuming);

        Assert.Equal([0L, 1], steps.Select(s => s!.Affected).Order());
        Assert.Equal(1, await CountAsync(database, "paused = 0"));
    }

    [Fact]
    public async Task Wishes_BecomeVisibleInTheOrderOfTheirNumbers()
    {
        await using var database = await OpenAsync();
        var actions = new ActionStore(database);
        using var gate = new SemaphoreSlim(0);
        var asked = new TaskCompletionSource<long>();
        var asking = database.Db.WriteAsync(
            async session =>
            {
                asked.TrySetResult((await ActionStore.AddAsync(session, Wish(HubActionKind.PauseOrigin)))!.Value);
                await gate.WaitAsync();
            },
            default
        );
        var first = await asked.Task;

        var second = actions.AddAsync(Wish(HubActionKind.ResumeOrigin), default);
        await Elsewhere.UntilAsync(async () => second.IsCompleted || await CountWaitingAsync(database) > 0);
        var early = await actions.NextAsync(default);
        gate.Release();
        await asking;
        await second;

        Assert.Null(early);
        Assert.Equal(first, (await actions.NextAsync(default))!.Id);
    }

    private static RequestRow Request { get; } =
        new()
        {
            Mode = HubModes.Subscribe,
            Topic = Topic,
            Callback = Origin + "/callback",
            LeaseSeconds = 100,
        };

    private static async Task<long> AskAsync(ActionStore actions, HubActionKind kind, TopicId? topic = null) =>
        (await actions.AddAsync(Wish(kind, topic), default))!.Value;

    private static ActionRow Wish(HubActionKind kind, TopicId? topic = null) =>
        new()
        {
            Kind = kind.ToString(),
            Target = "it",
            TopicId = topic,
            Origin = kind is HubActionKind.PauseOrigin or HubActionKind.ResumeOrigin ? Origin : null,
            First = 1,
            Last = Now.Microseconds,
            RequestedBy = "an operator",
            RequestedAt = Now,
        };

    private static Task<long> CountAsync(HubDatabase database, string condition) =>
        database.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {subscriptions} where " + condition), default);

    private static Task<long> CountWaitingAsync(HubDatabase database) =>
        database.Db.ReadAsync(
            s =>
                s.ScalarAsync<long>(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                ),
            default
        );

    private async Task<HubDatabase> OpenAsync()
    {
        var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = await server.CreateDatabaseAsync() }));
        await database.Db.MigrateAsync(typeof(HubDatabase).Assembly, default);
        return database;
    }
}
