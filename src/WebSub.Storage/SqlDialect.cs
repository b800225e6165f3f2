namespace WebSub.Storage;

/// <summary>Which database stands behind a <see cref="Database"/>.</summary>
public enum SqlDialect
{
    /// <summary>SQLite, in this process.</summary>
    Sqlite,

    /// <summary>PostgreSQL 13 or later.</summary>
    PostgreSql,
}
