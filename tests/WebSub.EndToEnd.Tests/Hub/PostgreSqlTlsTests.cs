using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlTlsTests(PostgreSqlServer server) : TlsTests
{
    private protected override Task<string> CreateDatabaseAsync(string folder) => server.CreateDatabaseAsync();
}
