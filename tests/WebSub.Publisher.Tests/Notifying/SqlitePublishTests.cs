using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace WebSub.Publisher.Notifying;

public sealed class SqlitePublishTests : PublishTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-publish-").FullName;

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    protected override Task<string> CreateDatabaseAsync() => Task.FromResult($"Data Source={_folder}/{Guid.NewGuid():N}.db");

    protected override async Task<DbConnection> OpenAsync(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
