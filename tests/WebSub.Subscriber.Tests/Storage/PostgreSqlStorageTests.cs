using Npgsql;
using WebSub.Subscriber.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

public sealed class PostgreSqlStorageTests(PostgreSqlServer server) : StorageTests
{
    [Fact]
    public async Task Tables_WithSchemaAndPrefix_AreMadeThere()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "create schema app";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var database = new SubscriberDatabase(
            new WebSubSubscriberOptions
            {
                ConnectionString = connectionString,
                Schema = "app",
                TablePrefix = "ws_",
            }
        );
        await new InboxStore(database).NextDueAsync(TestContext.Current.CancellationToken);

        command.CommandText =
            "select string_agg(table_name, ' ' order by table_name) from information_schema.tables where table_schema = 'app'";
        Assert.Equal(
            "ws_callbacks ws_data_key ws_deleted_callbacks ws_inbox ws_key_ring ws_migrations ws_polls ws_processes "
                + "ws_signals ws_subscriptions",
            await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)
        );
    }

    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
