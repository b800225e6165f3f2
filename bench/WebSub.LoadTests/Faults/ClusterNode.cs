using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Faults;

/// <summary>One server of the cluster, with a network of its own to the database.</summary>
internal sealed class ClusterNode(int databasePort, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private HubProcess? _hub;

    /// <summary>What stands between it and the database.</summary>
    public TcpProxy Network { get; } = TcpProxy.Start(databasePort);

    /// <summary>It, while it runs.</summary>
    public HubProcess? Hub => _hub;

    /// <summary>Starts it, if it does not run.</summary>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    /// <param name="server">Another build of the server; null means ours.</param>
    /// <param name="clock">Seconds by which its clock is ahead.</param>
    public async Task RunAsync(CancellationToken cancellationToken, string? server = null, int clock = 0)
    {
        if (_hub is not null)
            return;
        var own = new Dictionary<string, string>(settings);
        if (clock != 0)
        {
            own["LD_PRELOAD"] = FakeClock.Library!;
            own["FAKETIME"] = $"+{clock}s";
            own["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }

        _hub = await HubProcess.StartAsync(
            $"Host=127.0.0.1;Port={Network.Port};Username=websub;Database=postgres",
            own,
            cancellationToken,
            server
        );
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _hub, null) is { } hub)
            await hub.DisposeAsync();
    }

    /// <summary>SIGTERM, and waits until it has ended.</summary>
    public async Task TerminateAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _hub, null) is not { } hub)
            return;
        await hub.Process.SignalAsync("TERM");
        await hub.Process.EndedAsync(cancellationToken);
        await hub.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Network.DisposeAsync();
    }
}
