using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlInboxCommandTests(PostgreSqlServer server) : InboxCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
