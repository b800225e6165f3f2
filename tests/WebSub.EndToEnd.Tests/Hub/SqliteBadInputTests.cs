using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteBadInputTests(SharedHub shared) : BadInputTests(shared), IClassFixture<SharedHub>
{
    private protected override Task<string> CreateDatabaseAsync() => Task.FromResult(HubProcess.Sqlite);
}
