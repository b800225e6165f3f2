using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlTransferCommandTests(PostgreSqlServer server) : TransferCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
