using System.Data.Common;

namespace WebSub.Cli;

/// <summary>The value of <c>--database</c>: a SQLite file, or the connection string or address of a PostgreSQL database.</summary>
internal static class DatabaseOption
{
    public static string ToConnectionString(string typed) =>
        IsFile(typed) ? new DbConnectionStringBuilder { ["Data Source"] = typed }.ConnectionString : typed;

    /// <summary>True for text that is neither <c>name=value</c> nor an address.</summary>
    public static bool IsFile(string typed) =>
        !typed.Contains('=', StringComparison.Ordinal) && !typed.Contains("://", StringComparison.Ordinal);
}
