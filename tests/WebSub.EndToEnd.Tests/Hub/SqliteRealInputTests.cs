using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteRealInputTests(SharedHub shared) : RealInputTests(shared), IClassFixture<SharedHub>
{
    private protected override Task<string> CreateDatabaseAsync() => Task.FromResult(HubProcess.Sqlite);
}
