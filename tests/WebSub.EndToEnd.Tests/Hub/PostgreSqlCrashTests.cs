using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlCrashTests(PostgreSqlServer server) : CrashTests
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
