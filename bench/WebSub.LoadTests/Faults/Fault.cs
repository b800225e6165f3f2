using Npgsql;
using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Faults;

/// <summary>Something that goes wrong in a cluster under load.</summary>
/// <param name="Name">What happens.</param>
/// <param name="CountedFrom">The moment from which it counts how long deliveries take to resume.</param>
/// <param name="StrikeAsync">Lets it happen, and ends when it is over.</param>
internal sealed record Fault(string Name, string CountedFrom, Func<Strike, Task> StrikeAsync)
{
    /// <summary>Part of a quick run.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Why it cannot be tried on this machine; null if it can.</summary>
    public string? Obstacle { get; init; }

    /// <summary>In the order in which they strike.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("a node is killed (SIGKILL)", "the kill", KillAsync) { IsQuick = true },
        new("a node is ended (SIGTERM)", "the signal", TerminateAsync) { IsQuick = true },
        new("a node is paused for 40 s (SIGSTOP), past its claims", "the pause", PauseAsync),
        new("PostgreSQL is killed and started again", "its return", s => StopDatabaseAsync(s, 0)) { IsQuick = true },
        new("PostgreSQL is stopped for 20 s", "its return", s => StopDatabaseAsync(s, 20)),
        new("PostgreSQL is frozen for 40 s (SIGSTOP)", "its return", FreezeDatabaseAsync),
        new("PostgreSQL has no connection left for 10 s", "the last one taken", TakeConnectionsAsync),
        new("a node is cut off from PostgreSQL for 40 s", "the cut", s => CutAsync(s, requests: true, answers: true)),
        new("PostgreSQL's answers do not reach a node for 40 s", "the cut", s => CutAsync(s, requests: false, answers: true)),
        new("a node's requests do not reach PostgreSQL for 40 s", "the cut", s => CutAsync(s, requests: true, answers: false)),
        new("clocks 30 s apart, and a node is killed", "the kill", ClocksApartAsync)
        {
            Obstacle = FakeClock.Library is null ? "libfaketime is not installed" : null,
        },
    ];

    private static async Task KillAsync(Strike strike)
    {
        strike.Watch();
        await strike.Cluster.Nodes[0].KillAsync();
    }

    private static async Task TerminateAsync(Strike strike)
    {
        strike.Watch();
        await strike.Cluster.Nodes[1].TerminateAsync(strike.CancellationToken);
    }

    private static async Task PauseAsync(Strike strike)
    {
        var process = strike.Cluster.Nodes[2].Hub!.Process;
        strike.Watch();
        await process.SignalAsync("STOP");
        await strike.WaitAsync(40);
        await process.SignalAsync("CONT");
    }

    private static async Task StopDatabaseAsync(Strike strike, int seconds)
    {
        await strike.Cluster.Database.StopAsync();
        await strike.WaitAsync(seconds);
        await strike.Cluster.Database.RunAsync(strike.CancellationToken);
        strike.Watch();
    }

    private static async Task FreezeDatabaseAsync(Strike strike)
    {
        var processes = strike.Cluster.Database.ProcessIds();
        await Signals.SendAsync("STOP", processes);
        await strike.WaitAsync(40);
        await Signals.SendAsync("CONT", processes);
        strike.Watch();
    }

    private static async Task TakeConnectionsAsync(Strike strike)
    {
        var taken = new Stack<NpgsqlConnection>();
        try
        {
            while (true)
            {
                var connection = new NpgsqlConnection(strike.Cluster.Database.ConnectionString + ";Pooling=false");
                taken.Push(connection);
                await connection.OpenAsync(strike.CancellationToken);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            strike.Watch();
            await strike.WaitAsync(10);
        }
        finally
        {
            foreach (var connection in taken)
                await connection.DisposeAsync();
        }
    }

    private static async Task CutAsync(Strike strike, bool requests, bool answers)
    {
        var network = strike.Cluster.Nodes[1].Network;
        strike.Watch();
        network.Cut(requests, answers);
        await strike.WaitAsync(40);
        await network.HealAsync();
    }

    private static async Task ClocksApartAsync(Strike strike)
    {
        var ahead = strike.Cluster.Nodes[1];
        await ahead.TerminateAsync(strike.CancellationToken);
        await ahead.RunAsync(strike.CancellationToken, clock: 30);
        await strike.WaitAsync(3);
        strike.Watch();
        await strike.Cluster.Nodes[0].KillAsync();
        await strike.WaitAsync(10);
        await ahead.TerminateAsync(strike.CancellationToken);
    }
}
