using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlSyncCommandTests(PostgreSqlServer server) : SyncCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
