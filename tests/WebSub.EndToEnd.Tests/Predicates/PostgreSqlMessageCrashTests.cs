using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Predicates;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlMessageCrashTests(PostgreSqlServer server) : MessageCrashTests
{
    private protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
}
