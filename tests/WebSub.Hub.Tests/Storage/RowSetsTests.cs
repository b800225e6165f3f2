using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>What several statements return.</summary>
public abstract class RowSetsTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    // How columns are mapped is remembered for the whole process, so nothing else may read this type.
    [Fact]
    public async Task Read_ColumnsWithUnderscores_AreMapped_WhoeverReadsTheTypeFirst()
    {
        await using var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));

        var (numbers, named) = await database.Db.ReadAsync(
            session =>
                session.ReadTogetherAsync(
                    "select 1 union all select 2 order by 1; select 'a' as first_name, 7 as how_many",
                    null,
                    async rows => (await rows.ReadAsync<long>(), await rows.ReadAsync<Named>())
                ),
            default
        );

        Assert.Equal([1L, 2L], numbers);
        Assert.Equal(("a", 7L), (Assert.Single(named).FirstName, named[0].HowMany));
    }

    private sealed class Named
    {
        public string FirstName { get; init; } = "";

        public long HowMany { get; init; }
    }

    public sealed class OnSqlite() : RowSetsTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : RowSetsTests(server);
}
