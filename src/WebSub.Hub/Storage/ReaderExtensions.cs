using System.Data.Common;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Reads columns that may be null.</summary>
internal static class ReaderExtensions
{
    public static string? Text(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? Number(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    public static DateTimeOffset Time(this DbDataReader row, int column) => new DatabaseTime(row.GetInt64(column)).ToMoment();

    public static DateTimeOffset? TimeOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Time(column);
}
