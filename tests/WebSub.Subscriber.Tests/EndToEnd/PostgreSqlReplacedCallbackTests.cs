using WebSub.TestSupport;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class PostgreSqlReplacedCallbackTests(PostgreSqlServer server) : ReplacedCallbackTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
