namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class SqliteManagingTests : ManagingTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}
