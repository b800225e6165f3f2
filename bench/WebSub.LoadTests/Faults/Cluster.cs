using Npgsql;
using WebSub.LoadTests.Processes;

namespace WebSub.LoadTests.Faults;

/// <summary>
/// Servers on one PostgreSQL, three unless said otherwise, each with a network of its own to it, and all subscribers. Disposing ends and
/// removes all.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const int UsualSize = 3;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-faults-" + Guid.NewGuid().ToString("N")[..8]);
    private readonly List<ClusterNode> _nodes = [];
    private Subscribers? _subscribers;

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public PostgreSqlProcess Database { get; private set; } = null!;

    /// <summary>Where all callbacks are.</summary>
    public string SubscribersUrl => _subscribers!.Url;

    /// <summary>Starts all, and subscribes every callback of the ledger to its topic.</summary>
    /// <param name="ledger">Topics and subscribers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <param name="server">Another build of the server; null means ours.</param>
    /// <param name="size">How many servers.</param>
    public static async Task<Cluster> StartAsync(
        Ledger ledger,
        CancellationToken cancellationToken,
        string? server = null,
        int size = UsualSize
    )
    {
        var cluster = new Cluster();
        try
        {
            await cluster.RunAsync(ledger, server, size, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what does not run and heals what is cut.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _nodes)
            await node.RunAsync(cancellationToken);
    }

    /// <summary>One number from the database, past the nodes' networks.</summary>
    public async Task<long> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_subscribers is not null)
            await _subscribers.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(Ledger ledger, string? server, int size, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        Database = await PostgreSqlProcess.StartAsync(
            _folder,
            cancellationToken,
            "-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_utility=off"
        );
        await AskAsync("CREATE EXTENSION pg_stat_statements; SELECT 1", cancellationToken);
        _subscribers = await Subscribers.StartAsync(ledger);
        for (var i = 0; i < size; i++)
        {
            var node = new ClusterNode(Database.Port, new Dictionary<string, string>());
            _nodes.Add(node);
            await node.RunAsync(cancellationToken, server);
        }

        var wanted = ledger
            .Topics.SelectMany((_, t) => Enumerable.Range(t * ledger.SubscribersPerTopic, ledger.SubscribersPerTopic))
            .Select(c => new Subscription(ledger.Topics[c / ledger.SubscribersPerTopic], $"{_subscribers.Url}/{c}", "secret"))
            .ToList();
        await _nodes[0].Hub!.SubscribeAsync(wanted, cancellationToken);
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await AskAsync("SELECT count(*) FROM websub_hub_subscriptions", cancellationToken) < wanted.Count)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }
}
