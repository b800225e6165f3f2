using Microsoft.Data.Sqlite;

namespace WebSub.Publisher.Storage;

public sealed class SqliteNoticeStorageTests : NoticeStorageTests, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-notices-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override Task<string> CreateDatabaseAsync() => Task.FromResult($"Data Source={_folder}/{Guid.NewGuid():N}.db");
}
