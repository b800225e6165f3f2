namespace WebSub.EndToEnd.Tests.Hub;

public sealed class SqliteSecretTests : SecretTests
{
    private protected override Task<string> CreateDatabaseAsync(string folder) => Task.FromResult($"Data Source={folder}/hub.db");
}
