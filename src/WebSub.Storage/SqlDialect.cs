namespace WebSub.Storage;

/// <summary>The kinds of database that can hold the data.</summary>
public enum SqlDialect
{
    /// <summary>SQLite, in this process.</summary>
    Sqlite,

    /// <summary>PostgreSQL 13 or later.</summary>
    PostgreSql,
}
