namespace WebSub.Subscriber.Tests.Storage;

public sealed class SqliteStorageTests : StorageTests
{
    protected override Task<string> CreateDatabaseAsync() => Task.FromResult(EndToEnd.SubscriberApp.NewDatabase());
}
