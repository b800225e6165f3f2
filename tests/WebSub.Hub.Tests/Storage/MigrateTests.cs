using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary><c>WebSub:Storage:Migrate</c> set to false.</summary>
public abstract class MigrateTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task Start_WithoutTables_NamesTheMissingMigrations()
    {
        var failure = await Assert.ThrowsAsync<DatabaseException>(() => StartHubAsync(o => o.Migrate = false));

        Assert.Contains("lacks the migrations 0001_initial, 0002_predicates, ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("WebSub:Storage:Migrate is false", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithOneMigrationMissing_NamesThatOne()
    {
        await (await StartHubAsync()).DisposeAsync();
        await using (var database = Open())
            await database.WriteAsync(s => s.ExecuteAsync("delete from {migrations} where name = '0003_messages'"), default);

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => StartHubAsync(o => o.Migrate = false));

        Assert.Contains("lacks the migrations 0003_messages, and", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AfterAnotherVersionMigrated_SaysSo()
    {
        await (await StartHubAsync()).DisposeAsync();
        await using (var database = Open())
            await database.WriteAsync(s => s.ExecuteAsync("insert into {migrations} (name, checksum) values ('9999_x', '')"), default);

        var failure = await Assert.ThrowsAsync<DatabaseException>(() => StartHubAsync(o => o.Migrate = false));

        Assert.Contains("was migrated by a newer version (it has 9999_x)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithTablesUpToDate_Works()
    {
        await (await StartHubAsync()).DisposeAsync();

        await using var hub = await StartHubAsync(o => o.Migrate = false);

        Assert.Equal(0, await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {topics}"), default));
    }

    private Database Open() => Database.Create(new() { ConnectionString = ConnectionString, TablePrefix = "websub_hub_" });

    public sealed class OnSqlite() : MigrateTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : MigrateTests(server);
}
