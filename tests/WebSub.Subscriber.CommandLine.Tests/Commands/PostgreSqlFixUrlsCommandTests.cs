using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlFixUrlsCommandTests(PostgreSqlServer server) : FixUrlsCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
