using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests;

/// <summary>
/// Tests that must pass on SQLite and on PostgreSQL: one abstract class with the tests, two sealed ones that say which database.
/// </summary>
public abstract class OnBothDatabases(PostgreSqlServer? postgreSql) : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-hub-" + Guid.NewGuid().ToString("N")[..8]);

    protected string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        ConnectionString = postgreSql is null ? $"Data Source={Path.Combine(_folder, "hub.db")}" : await postgreSql.CreateDatabaseAsync();
    }

    public virtual ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected Task<HubHost> StartHubAsync(Action<HubOptions>? configure = null) => HubHost.StartAsync(ConnectionString, configure);
}
