namespace WebSub.LoadTests.Processes;

/// <summary>What a scenario runs on: a hub with a fresh database, and a receiver. Disposing ends and removes both.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary>How long the hub gets to finish background work: storing what was verified, saving what was delivered.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-bench-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly Stack<IAsyncDisposable> _processes = new();
    private readonly CancellationToken _cancellationToken;
    private int _update;

    private Rig(CancellationToken cancellationToken) => _cancellationToken = cancellationToken;

    /// <summary>A folder on the disk of the hub's database.</summary>
    public string Folder => _folder;

    public HubProcess Hub { get; private set; } = null!;

    public ReceiverProcess Receiver { get; private set; } = null!;

    public static async Task<Rig> StartAsync(
        Storage storage,
        int origins,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken
    )
    {
        var rig = new Rig(cancellationToken);
        try
        {
            await rig.StartAsync(storage, origins, settings);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>The number and content of the next update; numbers rise throughout a scenario, whichever side sends it.</summary>
    public (int Number, byte[] Content) NextUpdate() => (++_update, Updates.Content(_update));

    /// <summary>Subscribes, and waits until all of it is verified.</summary>
    public async Task SubscribeAsync(IReadOnlyCollection<Subscription> subscriptions)
    {
        var before = await Receiver.ChallengesAsync(_cancellationToken);
        await Hub.SubscribeAsync(subscriptions, _cancellationToken);
        await Receiver.ChallengedAsync(before + subscriptions.Count, _cancellationToken);
        await SettleAsync();
    }

    /// <summary>Lets the hub finish background work, so that it does not disturb a measurement.</summary>
    public Task SettleAsync() => Task.Delay(Settling, TimeProvider.System, _cancellationToken);

    public async ValueTask DisposeAsync()
    {
        while (_processes.TryPop(out var process))
            await process.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(Storage storage, int origins, IReadOnlyDictionary<string, string> settings)
    {
        Directory.CreateDirectory(_folder);
        Receiver = await ReceiverProcess.StartAsync(origins, _cancellationToken);
        _processes.Push(Receiver);
        var database = $"Data Source={Path.Combine(_folder, "hub.db")}";
        if (storage == Storage.PostgreSql)
        {
            var postgres = await PostgreSqlProcess.StartAsync(_folder, _cancellationToken);
            _processes.Push(postgres);
            database = postgres.ConnectionString;
        }

        Hub = await HubProcess.StartAsync(database, settings, _cancellationToken);
        _processes.Push(Hub);
    }
}
