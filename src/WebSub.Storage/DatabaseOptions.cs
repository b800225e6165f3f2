namespace WebSub.Storage;

/// <summary>Where data is kept and under which names.</summary>
internal sealed record DatabaseOptions
{
    /// <summary>A SQLite connection string, a PostgreSQL one, or a <c>postgres://</c> address.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The database; null tells it from the connection string.</summary>
    public SqlDialect? Provider { get; init; }

    /// <summary>What every table name starts with, for example <c>websub_hub_</c>.</summary>
    public required string TablePrefix { get; init; }

    /// <summary>The PostgreSQL schema of the tables; null is the connection's own.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// True takes an exclusive lock on <c>FILE.lock</c> beside a SQLite file for as long as the database is open: its user keeps state in
    /// memory that a second process would not see.
    /// </summary>
    public bool SingleProcess { get; init; }
}
