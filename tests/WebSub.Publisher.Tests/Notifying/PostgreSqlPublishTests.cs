using System.Data.Common;
using Npgsql;
using WebSub.TestSupport;

namespace WebSub.Publisher.Notifying;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlPublishTests(PostgreSqlServer server) : PublishTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();

    protected override async Task<DbConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
