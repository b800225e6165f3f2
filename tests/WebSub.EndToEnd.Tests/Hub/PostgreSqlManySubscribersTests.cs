using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlManySubscribersTests(PostgreSqlServer server) : ManySubscribersTests
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
