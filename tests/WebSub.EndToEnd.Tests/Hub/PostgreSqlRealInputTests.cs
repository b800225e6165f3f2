using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlRealInputTests(PostgreSqlServer server, SharedHub shared) : RealInputTests(shared), IClassFixture<SharedHub>
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
