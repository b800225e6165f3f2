using WebSub.TestSupport;

namespace WebSub.Subscriber.Tests.Storage;

public sealed class PostgreSqlStorageTests(PostgreSqlServer server) : StorageTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
