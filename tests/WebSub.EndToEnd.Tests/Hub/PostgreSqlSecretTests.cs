using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlSecretTests(PostgreSqlServer server) : SecretTests
{
    private protected override Task<string> CreateDatabaseAsync(string folder) => server.CreateDatabaseAsync();
}
