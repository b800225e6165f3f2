using WebSub.Subscriber.Tests;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

public sealed class SqliteInboxCommandTests : InboxCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}
