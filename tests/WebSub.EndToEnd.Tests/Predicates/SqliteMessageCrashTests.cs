using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Predicates;

public sealed class SqliteMessageCrashTests : MessageCrashTests
{
    private protected override Task<string> CreateDatabaseAsync() => Task.FromResult(HubProcess.Sqlite);
}
