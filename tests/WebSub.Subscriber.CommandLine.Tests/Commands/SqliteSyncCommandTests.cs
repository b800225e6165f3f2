using WebSub.Subscriber.Tests;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

public sealed class SqliteSyncCommandTests : SyncCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}
