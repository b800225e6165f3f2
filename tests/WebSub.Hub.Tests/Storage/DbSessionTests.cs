using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>Npgsql uses its commands again and keeps no list of them.</summary>
public sealed class DbSessionTests() : OnBothDatabases(null)
{
    // A connection to SQLite keeps a list of the commands that are not disposed of, and searches it for each that is.
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

    // Dapper writes the text of such a statement anew when the others have been added.
    [Fact]
    public async Task Statement_WithAListOfValues_KeepsItsOtherParameters()
    {
        await using var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));

        long[] counts = [await CountAsync(1), await CountAsync(1, 2), await CountAsync(2, 3), await CountAsync(1, 2, 3)];

        Assert.Equal([1, 2, 1, 2], counts);

        Task<long> CountAsync(params long[] some) =>
            database.Db.WriteAsync(
                s =>
                    s.ScalarAsync<long>(
                        "select count(*) from (select 1 as x union select 2 union select 3) "
                            + "where x <> @first and x in @some and x <> @then",
                        new
                        {
                            first = 3,
                            some,
                            then = 0,
                        }
                    ),
                default
            );
    }
}
