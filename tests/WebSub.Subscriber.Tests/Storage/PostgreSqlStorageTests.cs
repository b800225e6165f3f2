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

    [Fact]
    public async Task NextDue_InAnInboxWithoutStatistics_UsesTheIndex()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = new SubscriberDatabase(new WebSubSubscriberOptions { ConnectionString = connectionString });
        var statements = new List<string>();
        await database.EnsureReadyAsync(TestContext.Current.CancellationToken);
        database.Database.Watch = statements.Add;
        await new InboxStore(database).NextDueAsync(TestContext.Current.CancellationToken);
        database.Database.Watch = null;

        var plan = await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    insert into {subscriptions} (id, handler, target_key, options, state, created_at, changed_at, version)
                    values ('s', 'news', 't', '{}', 'Active', 0, 0, 0)
                    """
                );
                await session.ExecuteAsync(
                    """
                    insert into {inbox} (subscription_id, topic, replay, body_hash, headers, body, received_at, state)
                    select 's', 't', '', 'h', '{}', decode(repeat('00', 1000), 'hex'), i, 'Done' from generate_series(1, 5000) i
                    """
                );
                return await session.QueryAsync<string>("explain " + Assert.Single(statements));
            },
            TestContext.Current.CancellationToken
        );

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
