using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The hub's own database; a host may have others.</summary>
internal sealed class HubDatabase : IAsyncDisposable
{
    static HubDatabase()
    {
        ColumnTypes.Add<SealedSecret, byte[]>();
        ColumnTypes.Add<TopicId, long>();
        ColumnTypes.Add<LaneId, long>();
        ColumnTypes.Add<SubscriptionId, long>();
    }

    /// <summary>Selects something if there are sealed secrets, for the check that their key is there too.</summary>
    public const string SealedSecrets = """
        select 1 from {subscriptions} where secret is not null
        union all select 1 from {requests} where secret is not null
        union all select 1 from {patterns} where secret is not null
        """;

    public HubDatabase(IOptions<HubOptions> options, HubMetrics? metrics = null)
    {
        Db = Open(options.Value, singleProcess: true);
        Db.Durations = metrics?.Database;
    }

    /// <summary>The database of the settings.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="singleProcess">False leaves a SQLite file to the hub that may be running on it.</param>
    public static Database Open(HubOptions options, bool singleProcess) =>
        Database.Create(
            new()
            {
                ConnectionString = options.ConnectionString,
                Provider = options.StorageProvider,
                CheckMegabytes = options.CheckMegabytes,
                TablePrefix = "websub_hub_",
                SingleProcess = singleProcess,
            }
        );

    public Database Db { get; }

    /// <summary>The time by the database's own clock. PostgreSQL only.</summary>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken cancellationToken) =>
        new(await Db.ReadAsync(session => session.ScalarAsync<DateTime>("select clock_timestamp()"), cancellationToken));

    /// <summary>True if other nodes may use it: PostgreSQL. A SQLite file has one process (rule 27).</summary>
    public bool IsShared => Db.Dialect == SqlDialect.PostgreSql;

    public ValueTask DisposeAsync() => Db.DisposeAsync();
}
