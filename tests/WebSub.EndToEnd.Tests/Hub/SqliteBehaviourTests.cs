using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteBehaviourTests(SharedHub shared) : BehaviourTests(shared), IClassFixture<SharedHub>
{
    private protected override Task<string> CreateDatabaseAsync() => Task.FromResult(HubProcess.Sqlite);
}
