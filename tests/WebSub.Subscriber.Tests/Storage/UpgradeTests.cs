using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

/// <summary>From the first schema to the newest, with rows.</summary>
public abstract class UpgradeTests
{
    private const string Prefix = "websub_subscriber_";

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Migrations_EachOne_KeepsRowsAndTheVersionBefore()
    {
        await using var database = Database.Create(new() { ConnectionString = await CreateDatabaseAsync(), TablePrefix = Prefix });
        var rehearsal = new UpgradeRehearsal(database, typeof(WebSubSubscriberOptions).Assembly, Prefix);

        var faults = await rehearsal.RunAsync();

        Assert.Empty(faults);
        Assert.True(rehearsal.Names.Count > 5);
    }

    public sealed class OnSqlite : UpgradeTests
    {
        protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
    }

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : UpgradeTests
    {
        protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
    }
}
