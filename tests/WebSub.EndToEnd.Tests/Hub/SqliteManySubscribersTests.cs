using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteManySubscribersTests : ManySubscribersTests
{
    private protected override Task<string> CreateDatabaseAsync() => Task.FromResult(HubProcess.Sqlite);
}
