using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlKillPointTests(PostgreSqlServer server) : KillPointTests
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
