using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlPurgeCommandTests(PostgreSqlServer server) : PurgeCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
