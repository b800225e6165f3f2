using System.Diagnostics;
using WebSub.Http;

namespace WebSub.LoadTests.Processes;

/// <summary>What a scenario runs on: a hub with a fresh database, and a receiver. Disposing ends and removes both.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary>How long the hub gets to finish background work: storing what was verified, saving what was delivered.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);

    private const int Clients = 32;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-bench-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly Stack<IAsyncDisposable> _processes = new();
    private readonly Dictionary<string, string> _settings;
    private readonly CancellationToken _cancellationToken;
    private string _database = "";
    private PostgreSqlProcess? _postgreSql;
    private HubProcess? _hub;
    private int _update;

    private Rig(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken) =>
        (_settings, _cancellationToken) = (new(settings), cancellationToken);

    /// <summary>A folder on the disk of the hub's database.</summary>
    public string Folder => _folder;

    public HubProcess Hub => _hub ?? throw new InvalidOperationException("The hub does not run.");

    /// <summary>The processor time that hub and database have taken so far; SQLite's is part of the hub's.</summary>
    public (TimeSpan Hub, TimeSpan Database) ProcessorTime => (Hub.Process.ProcessorTime, _postgreSql?.ProcessorTime() ?? TimeSpan.Zero);

    public ReceiverProcess Receiver { get; private set; } = null!;

    /// <summary>How the hub sends, for a client that is compared with it.</summary>
    public OutboundOptions Outbound { get; } = new() { AllowPrivateNetworks = true };

    /// <param name="storage">The hub's database.</param>
    /// <param name="origins">How many origins the receiver has.</param>
    /// <param name="settings">More settings of the hub, as environment variables.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="isSecure">Whether each origin is a host of its own, on TLS, rather than a port.</param>
    public static async Task<Rig> StartAsync(
        Storage storage,
        int origins,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellationToken,
        bool isSecure = false
    )
    {
        var rig = new Rig(settings, cancellationToken);
        try
        {
            await rig.StartAsync(storage, origins, isSecure);
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
    public async Task SubscribeAsync(IReadOnlyCollection<Subscription> subscriptions, int clients = Clients)
    {
        var before = await Receiver.ChallengesAsync(_cancellationToken);
        await Hub.SubscribeAsync(subscriptions, _cancellationToken, clients);
        await Receiver.ChallengedAsync(before + subscriptions.Count, _cancellationToken);
        await SettleAsync();
    }

    /// <summary>Kills the hub, as <c>kill -9</c> does. Returns when, on the monotonic clock.</summary>
    public async Task<long> KillHubAsync()
    {
        var (hub, now) = (Hub, Stopwatch.GetTimestamp());
        _hub = null;
        await hub.DisposeAsync();
        return now;
    }

    /// <summary>Starts the hub again, on the same database.</summary>
    public async Task StartHubAsync() => _hub = await HubProcess.StartAsync(_database, _settings, _cancellationToken);

    /// <summary>Lets the hub finish background work, so that it does not disturb a measurement.</summary>
    public Task SettleAsync() => Task.Delay(Settling, TimeProvider.System, _cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
            await _hub.DisposeAsync();
        while (_processes.TryPop(out var process))
            await process.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(Storage storage, int origins, bool isSecure)
    {
        Directory.CreateDirectory(_folder);
        var authority = isSecure ? Path.Combine(_folder, "authority.pem") : null;
        Receiver = await ReceiverProcess.StartAsync(origins, authority, _cancellationToken);
        _processes.Push(Receiver);
        if (authority is not null)
        {
            _settings["WebSub__Outbound__TrustedAuthorities__0"] = authority;
            Outbound.TrustedAuthorities.ImportFromPemFile(authority);
        }

        _database = $"Data Source={Path.Combine(_folder, "hub.db")}";
        if (storage == Storage.PostgreSql)
        {
            _postgreSql = await PostgreSqlProcess.StartAsync(_folder, _cancellationToken);
            _processes.Push(_postgreSql);
            _database = _postgreSql.ConnectionString;
        }

        await StartHubAsync();
    }
}
