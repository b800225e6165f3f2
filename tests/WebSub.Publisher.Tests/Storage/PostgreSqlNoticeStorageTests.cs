using WebSub.TestSupport;

namespace WebSub.Publisher.Storage;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlNoticeStorageTests(PostgreSqlServer server) : NoticeStorageTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
