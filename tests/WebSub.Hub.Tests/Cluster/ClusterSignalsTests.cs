using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WebSub.Hub.Health;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Cluster;

/// <summary>
/// What one node tells another. The other one's clock is stopped: it polls nothing and saves nothing, so it learns only from signals.
/// </summary>
[Trait("Starts", "PostgreSql")]
public sealed class ClusterSignalsTests(PostgreSqlServer server)
{
    private const string Topic = "https://publisher.example/feed";
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly TaskCompletionSource<int> _held = new();

    [Fact]
    public async Task Entry_AppendedOnOneNode_IsHeardByTheOneThatRunsItsLane()
    {
        var database = await server.CreateDatabaseAsync();
        await using var deaf = await HubHost.StartAsync(database, time: _clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => d.Text == "first" ? _held.Task : Task.FromResult(200);
        await deaf.SubscribeAsync(Topic, subscriber.Callback());
        await deaf.PublishAsync(Topic, "first");
        await deaf.NextDeliveryAsync(subscriber);
        await using var other = await HubHost.StartAsync(database);

        await other.PublishAsync(Topic, "second");
        _held.SetResult(200);
        var second = await deaf.NextDeliveryAsync(subscriber);

        Assert.Equal("second", second.Text);
    }

    [Fact]
    [Trait("Req", "H8")]
    public async Task Unsubscription_OnOneNode_IsHeardByTheOneWhoseRunWaitsForAPlace()
    {
        var database = await server.CreateDatabaseAsync();
        await using var deaf = await HubHost.StartAsync(database, o => o.Delivery.MaxConcurrency = 1, _clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => d.Text == "first" ? _held.Task : Task.FromResult(200);
        string[] callbacks = [subscriber.Callback("a"), subscriber.Callback("b")];
        foreach (var callback in callbacks)
            await deaf.SubscribeAsync(Topic, callback);
        // Both are the run's; an attempt of one that is behind would not be called off.
        await deaf.UntilAsync(HubHost.AllSettled);
        await deaf.PublishAsync(Topic, "first");
        var stays = (await deaf.NextDeliveryAsync(subscriber)).Target;
        await using var other = await HubHost.StartAsync(database);

        var heard = new TaskCompletionSource();
        var reloaded = false;
        deaf.Db.Watch = sql =>
        {
            reloaded |= sql.Contains("s.full_until, s.lease_end", StringComparison.Ordinal);
            // By then the loop that takes lanes has processed what it read.
            if (reloaded && sql.Contains("skip locked", StringComparison.Ordinal) && sql.Contains("{topic_work}", StringComparison.Ordinal))
                heard.TrySetResult();
        };
        await other.UnsubscribeAsync(Topic, callbacks.Single(c => !c.EndsWith(stays, StringComparison.Ordinal)));
        await heard.Task.WaitAsync(HubHost.Deadline);
        await other.PublishAsync(Topic, "second");
        _held.SetResult(200);
        var second = await deaf.NextDeliveryAsync(subscriber);

        Assert.Equal(("second", stays), (second.Text, second.Target));
        Assert.Equal(2, subscriber.Deliveries.Count);
    }

    [Fact]
    public async Task Listening_ThatBreaks_IsToldAndBegunAgain()
    {
        await using var hub = await HubHost.StartAsync(await server.CreateDatabaseAsync());
        var lost = hub.LoggedAsync(1006);
        await ListenersAsync(hub, "1");

        await ListenersAsync(hub, "pg_terminate_backend(pid)::int");
        await lost;

        await ListenersAsync(hub, "1");
    }

    [Fact]
    public async Task Health_OfANodeWhoseSessionIsLost_IsUnhealthy_UntilItHasItsLockAgain()
    {
        var database = await server.CreateDatabaseAsync();
        await using var hub = await HubHost.StartAsync(database);
        var health = hub.Services.GetRequiredService<HubHealth>();
        var key = NodeKey.Of(hub.Services.GetRequiredService<HubNode>().Name)!.Value;
        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync(Cancelled);

        // Whoever waits for the lock gets it as the session that has it ends, before the node is back.
        var taken = ExecuteAsync(other, $"select pg_advisory_lock({key})");
        await TerminateHolderAsync(hub, other.ProcessID);
        await taken;
        HealthCheckResult lost = default;
        await Elsewhere.UntilAsync(async () => (lost = await health.CheckHealthAsync(new(), Cancelled)).Status == HealthStatus.Unhealthy);
        await ExecuteAsync(other, $"select pg_advisory_unlock({key})");
        await Elsewhere.UntilAsync(async () => (await health.CheckHealthAsync(new(), Cancelled)).Status == HealthStatus.Healthy);

        Assert.Equal(
            (HealthStatus.Unhealthy, "The session that shows other nodes that this one is alive is lost; nothing is delivered here."),
            (lost.Status, lost.Description)
        );
    }

    /// <summary>Ends the session that has the lock which another waits for.</summary>
    private static Task TerminateHolderAsync(HubHost hub, int waiting) =>
        Elsewhere.UntilAsync(async () =>
            await hub.Db.ReadAsync(
                s => s.ScalarAsync<bool?>($"select pg_terminate_backend(pid) from unnest(pg_blocking_pids({waiting})) pid limit 1"),
                Cancelled
            )
                is true
        );

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is ours.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Waits until a connection listens and asks this about it.</summary>
    private static Task ListenersAsync(HubHost hub, string what) =>
        Elsewhere.UntilAsync(async () =>
            await hub.Db.ReadAsync(
                s =>
                    s.ScalarAsync<long?>(
                        $"select {what} from pg_stat_activity where datname = current_database() and query like 'listen %'"
                    ),
                TestContext.Current.CancellationToken
            )
                is not null
        );
}
