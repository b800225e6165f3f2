using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>Checks the connections that apps pass in.</summary>
internal static class AppConnection
{
    /// <summary>
    /// Refuses a connection to another database than the publisher's; a row stored there would never be seen. Connections that wrap others
    /// cannot be checked and are accepted.
    /// </summary>
    public static void Check(DbConnection connection, Database database)
    {
        var place = connection switch
        {
            NpgsqlConnection npgsql => $"PostgreSQL {npgsql.Host}:{npgsql.Port}/{npgsql.Database}",
            SqliteConnection sqlite => SqliteFile(sqlite),
            _ => null,
        };
        if (place is null || place == database.Description)
            return;
        throw new InvalidOperationException(
            $"The connection is to {place}, but the publisher's tables are in {database.Description}. "
                + "Set ConnectionStrings:WebSubPublisher to the connection string of the app's database."
        );
    }

    public static bool IsMissingTable(DbException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
        || (e is SqliteException && e.Message.Contains("no such table", StringComparison.Ordinal));

    private static string SqliteFile(SqliteConnection connection) =>
        connection.DataSource.Length == 0 ? ":memory:" : Path.GetFullPath(connection.DataSource);
}
