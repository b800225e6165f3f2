using Npgsql;

namespace WebSub.Storage;

/// <summary>Infers the kind of database from connection strings and reads <c>postgres://</c> addresses.</summary>
internal static class ConnectionStrings
{
    /// <summary>A few nodes together must stay below the 100 connections that a PostgreSQL server allows by default.</summary>
    private const int MaxPoolSize = 30;

    private const int MaxAutoPrepare = 64;

    public static SqlDialect DialectOf(string text) =>
        IsAddress(text)
        || text.Contains("Host=", StringComparison.OrdinalIgnoreCase)
        || text.Contains("Server=", StringComparison.OrdinalIgnoreCase)
            ? SqlDialect.PostgreSql
            : SqlDialect.Sqlite;

    /// <summary>The settings for Npgsql, with our defaults for what the text does not set.</summary>
    public static NpgsqlConnectionStringBuilder ForNpgsql(string text)
    {
        var builder = IsAddress(text) ? ReadAddress(text) : new NpgsqlConnectionStringBuilder(text);
        if (builder.MaxAutoPrepare == 0)
            builder.MaxAutoPrepare = MaxAutoPrepare;
        // ContainsKey is true for every key it knows.
        if (!builder.Keys.Any(key => key == "Maximum Pool Size"))
            builder.MaxPoolSize = Math.Max(MaxPoolSize, builder.MinPoolSize);
        return builder;
    }

    private static NpgsqlConnectionStringBuilder ReadAddress(string text)
    {
        var address = new Uri(text);
        if (address.Host.Length == 0)
            throw new FormatException("the address names no host; it must look like postgres://USER:PASSWORD@HOST/DATABASE");
        var user = address.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.Port > 0 ? address.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var option in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            var (name, value) = (Uri.UnescapeDataString(pair[0]), pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "");
            // libpq's names for what Npgsql spells differently.
            builder[
                name switch
                {
                    "sslmode" => "SSL Mode",
                    "application_name" => "Application Name",
                    "connect_timeout" => "Timeout",
                    _ => name,
                }
            ] = value;
        }

        return builder;
    }

    private static bool IsAddress(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);
}
