using WebSub.TestSupport;

namespace WebSub.Subscriber.CommandLine.Tests.Commands;

[Trait("Starts", "PostgreSql")]
public sealed class PostgreSqlSyncCommandTests(PostgreSqlServer server) : SyncCommandTests
{
    protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();

    // The role Workers needs PostgreSQL.
    [Theory]
    [InlineData("sync", 1)]
    [InlineData("fix-urls", 1)]
    [InlineData("list", 0)]
    [InlineData("hubs", 0)]
    [InlineData("renew --all", 0)]
    [InlineData("retry", 0)]
    [InlineData("reset-counters", 0)]
    public async Task Command_OfAWorkerWithoutAPublicUrl_WorksOrSaysWhatIsMissing(string command, int exitCode)
    {
        var database = await CreateDatabaseAsync();
        await new Operator(database).SeedAsync(Operator.Active(), Operator.Failing("https://other.example/"));
        var worker = new Operator(database)
        {
            PublicUrl = null,
            Declared = [Operator.Declaration()],
            Settings = [("WebSub:Subscriber:Role", "Workers")],
        };

        var result = await worker.RunAsync(command.Split(' '));

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(exitCode == 1, result.Error.Contains("no WebSub:Subscriber:PublicUrl", StringComparison.Ordinal));
        Assert.DoesNotContain("unexpected", result.Error, StringComparison.Ordinal);
    }
}
