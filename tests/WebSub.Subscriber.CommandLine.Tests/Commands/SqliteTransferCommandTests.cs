using WebSub.Subscriber.Tests;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

public sealed class SqliteTransferCommandTests : TransferCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}
