using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

public abstract class DbSessionTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    // A connection keeps a list of its commands that are not disposed of, and searches it for each that is.
    [Fact]
    public async Task Read_ColumnByColumn_LeavesNoCommandWithItsConnection()
    {
        await using var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));
        var disposed = 0;

        var rows = await database.Db.WriteAsync(s => s.ReadAsync("select 1 union all select 2 order by 1", null, Watch), default);

        Assert.Equal([1, 2], rows);
        Assert.Equal(1, disposed);

        long Watch(DbDataReader row)
        {
            var number = Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture);
            if (number == 1)
                ((DbCommand)((IWrappedDataReader)row).Command).Disposed += (_, _) => disposed++;
            return number;
        }
    }

    public sealed class OnSqlite() : DbSessionTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : DbSessionTests(server);
}
