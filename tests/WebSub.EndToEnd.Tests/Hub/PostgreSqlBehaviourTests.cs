using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlBehaviourTests(PostgreSqlServer server, SharedHub shared) : BehaviourTests(shared), IClassFixture<SharedHub>
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
