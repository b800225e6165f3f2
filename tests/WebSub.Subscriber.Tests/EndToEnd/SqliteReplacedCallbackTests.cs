namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class SqliteReplacedCallbackTests : ReplacedCallbackTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
}
