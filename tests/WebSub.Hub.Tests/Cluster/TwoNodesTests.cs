using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Tests.Diagnostics;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Cluster;

/// <summary>Two hubs on one PostgreSQL (docs/concepts/engine.md, "Many nodes").</summary>
[Trait("Starts", "PostgreSql")]
public sealed class TwoNodesTests(PostgreSqlServer server)
{
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    public async Task TwoNodes_ShareTheWork_WithoutLossDuplicateOrDisorder()
    {
        const int Callbacks = 50;
        const int Updates = 30;
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubHost.StartAsync(database);
        await using var two = await HubHost.StartAsync(database);
        await using var subscriber = await FakeSubscriber.StartAsync();
        for (var i = 0; i < Callbacks; i++)
            await one.SubscribeAsync($"{Topic}/{i % 5}", subscriber.Callback($"{i}"), secret: "s");

        for (var i = 1; i <= Updates; i++)
        {
            for (var topic = 0; topic < 5; topic++)
                await (i % 2 == 0 ? one : two).PublishAsync($"{Topic}/{topic}", $"{i}");
        }

        for (var i = 0; i < Callbacks * Updates; i++)
            await one.NextDeliveryAsync(subscriber);

        Assert.Equal(Callbacks * Updates, subscriber.Deliveries.Count);
        Assert.All(
            subscriber.Deliveries.GroupBy(d => d.Target),
            g => Assert.Equal(Enumerable.Range(1, Updates).Select(i => $"{i}"), g.Select(d => d.Text))
        );
        Assert.All(subscriber.Deliveries, d => Assert.Equal(Signatures.SignatureVerdict.Valid, d.Verify("s")));
        // Each node names itself.
        Assert.All([one, two], node => Assert.Contains(subscriber.Deliveries, d => NamesHub(d, node)));
    }

    [Fact]
    public async Task Append_OnOneNode_ReachesALaneThatTheOtherRuns()
    {
        // The clock is stopped: neither a poll nor a save of the run finds what no signal reports.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubHost.StartAsync(database, time: clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await one.SubscribeAsync(Topic, subscriber.Callback("held"));
        await one.SubscribeAsync(Topic, subscriber.Callback("free"));
        await one.UntilAsync(HubHost.AllSettled);
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = d => d is { Target: "/held", Text: "first" } ? held.Task : Task.FromResult(200);
        await one.PublishAsync(Topic, "first");
        for (var i = 0; i < 2; i++)
            await one.NextDeliveryAsync(subscriber);
        await using var two = await HubHost.StartAsync(database);

        await two.PublishAsync(Topic, "second");
        var second = await one.NextDeliveryAsync(subscriber);
        held.SetResult(200);

        Assert.Equal(("/free", "second"), (second.Target, second.Text));
        Assert.True(NamesHub(second, one));
    }

    [Fact]
    public async Task Claim_OfANodeThatIsGone_IsTakenAtOnce()
    {
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync());
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await ExecuteAsync(hub, "update {lanes} set claimed_by = '00000000deadbeef', claimed_until = @later + 3600000000");

        await hub.PublishAsync(Topic, "first");
        var first = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal("first", first.Text);
    }

    [Fact]
    public async Task Claim_OfANodeThatIsThere_StandsUntilItIsGone()
    {
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubHost.StartAsync(database);
        var two = await HubHost.StartAsync(database);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await one.SubscribeAsync(Topic, subscriber.Callback());
        var name = two.Services.GetRequiredService<HubNode>().Name;
        await ExecuteAsync(one, $"update {{subscriptions}} set claimed_by = '{name}', position = 0, due = @later");

        var claims = one.Services.GetRequiredService<ClaimStore>();
        var dead = await claims.FindDeadAsync("", DatabaseTime.Epoch, new(long.MaxValue), CancellationToken.None);
        var freed = await claims.FreeAsync([name], DatabaseTime.Epoch, new(long.MaxValue), CancellationToken.None);
        await two.DisposeAsync();
        await one.UntilAsync($"select count(*) from {{subscriptions}} where coalesce(claimed_by, '') <> '{name}'");

        Assert.Empty(dead);
        Assert.Empty(freed);
    }

    [Theory]
    [InlineData(-3600, "ahead of")]
    [InlineData(3600, "behind")]
    public async Task Node_WhoseClockIsWrong_WritesTheDatabasesTime(int seconds, string aheadOrBehind)
    {
        using var logs = new LogList();
        var database = await server.CreateDatabaseAsync();
        await using var hub = await HubHost.StartAsync(
            database,
            o => o.FollowDatabaseClock = true,
            new ShiftedClock(TimeSpan.FromSeconds(seconds)),
            s => s.AddSingleton<ILoggerProvider>(logs)
        );
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(Topic, subscriber.Callback(), lease: 600);
        await hub.PublishAsync(Topic, "update");
        await hub.NextDeliveryAsync(subscriber);

        var left = await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.ReadAsync(
                s => s.ScalarAsync<long>("select lease_end / 1000000 - extract(epoch from now())::bigint from {subscriptions}"),
                CancellationToken.None
            );
        Assert.InRange(left, 540, 601);
        Assert.Contains(logs.Lines, l => Regex.IsMatch(l.Text, $@"The database's clock is 3[56]\d\d\.\d s {aheadOrBehind} this machine's"));
    }

    private sealed class ShiftedClock(TimeSpan shift) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + shift;
    }

    [Fact]
    public async Task Session_ThatShowsTheNode_IsMadeAgainAndTheNodeDelivers()
    {
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync());
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var life = hub.Services.GetRequiredService<INodeLife>();
        var claimedAt = Timestamp.Now(TimeProvider.System);
        var lost = hub.LoggedAsync(1003);

        await ExecuteAsync(
            hub,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database "
                + "where datname = current_database()) and @later > 0"
        );
        await lost;
        for (var i = 1; i <= 3; i++)
            await hub.PublishAsync(Topic, $"{i}");
        var deliveries = new[]
        {
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        };

        Assert.Equal(["1", "2", "3"], deliveries.Select(d => d.Text));
        Assert.False(life.Covers(claimedAt));
        Assert.True(life.IsSeen);
    }

    [Fact]
    public async Task Node_ThatOthersTakeForDead_ClaimsNothing_UntilItIsSeenAgain()
    {
        var database = await server.CreateDatabaseAsync();
        await using var one = await HubHost.StartAsync(database);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", "fetched");
        await one.SubscribeAsync(publisher.Url(), subscriber.Callback("first"));
        await one.SubscribeAsync(Topic, subscriber.Callback("behind"));
        // Nothing may be under way when the session ends: what was begun before is ended, and fenced.
        await one.UntilAsync(HubHost.AllSettled);
        var claims = new ConcurrentQueue<string>();
        one.Db.Watch = s =>
        {
            if (s.StartsWith("update", StringComparison.Ordinal) && s.Contains("claimed_by = @node", StringComparison.Ordinal))
                claims.Enqueue(s);
        };

        // Its session ends and another session holds its lock, so it cannot show that it is alive.
        var other = new HubDatabase(Options.Create(new HubOptions { ConnectionString = database }));
        using var letGo = new CancellationTokenSource();
        var held = new TaskCompletionSource();
        var key = (long)ulong.Parse(one.Services.GetRequiredService<HubNode>().Name, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var holding = other.Db.HoldAsync(key, isHeld => _ = isHeld && held.TrySetResult(), letGo.Token);
        var lost = one.LoggedAsync(1003);
        await ExecuteAsync(
            one,
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from "
                + "pg_database where datname = current_database()) and @later > 0"
        );
        await held.Task.WaitAsync(HubHost.Deadline);
        await lost;

        claims.Clear();
        using var subscribed = await one.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("second"));
        await one.Services.GetRequiredService<IWebSubHub>().PingAsync(publisher.Url());
        await one.PublishAsync(Topic, "pushed");
        await ExecuteAsync(
            one,
            "update {subscriptions} set position = 0, due = 0, claimed_by = null where callback like '%behind' and @later > 0"
        );
        one.Services.GetRequiredService<BehindSignal>().Raise();
        var waiting = await one.Db.ReadAsync(
            s => s.ScalarAsync<long>("select count(*) from {requests}"),
            TestContext.Current.CancellationToken
        );
        await using (var two = await HubHost.StartAsync(database))
        {
            var deliveries = new[] { await two.NextDeliveryAsync(subscriber), await two.NextDeliveryAsync(subscriber) };
            Assert.Equal(["fetched", "pushed"], deliveries.Select(d => d.Text).Order());
        }

        Assert.Equal(1, waiting);
        Assert.Empty(claims);
        await letGo.CancelAsync();
        await holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await other.DisposeAsync();
        await one.SubscribeAsync(Topic, subscriber.Callback("third"));
    }

    /// <summary>Runs a statement; <c>@later</c> is in ten seconds.</summary>
    private static Task ExecuteAsync(HubHost hub, string sql) =>
        hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(
                s => s.ExecuteAsync(sql, new { later = DatabaseTime.Now(TimeProvider.System) + TimeSpan.FromSeconds(10) }),
                CancellationToken.None
            );

    private static bool NamesHub(FakeReceivedDelivery delivery, HubHost node) =>
        delivery.Headers["Link"].Contains($"<{node.Url}>; rel=\"hub\"", StringComparison.Ordinal);
}
