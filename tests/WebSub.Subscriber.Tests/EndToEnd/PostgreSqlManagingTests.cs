using WebSub.TestSupport;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class PostgreSqlManagingTests(PostgreSqlServer server) : ManagingTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
