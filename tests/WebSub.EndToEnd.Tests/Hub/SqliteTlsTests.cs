namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteTlsTests : TlsTests
{
    private protected override Task<string> CreateDatabaseAsync(string folder) => Task.FromResult($"Data Source={folder}/hub.db");
}
