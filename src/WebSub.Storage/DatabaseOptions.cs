namespace WebSub.Storage;

/// <summary>Where data is kept, and under which names.</summary>
internal sealed record DatabaseOptions
{
    /// <summary>A SQLite connection string, a PostgreSQL one, or a <c>postgres://</c> address.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The kind of database; null infers it from the connection string.</summary>
    public SqlDialect? Provider { get; init; }

    /// <summary>The prefix of every table name, for example <c>websub_hub_</c>.</summary>
    public required string TablePrefix { get; init; }

    /// <summary>The PostgreSQL schema of the tables; null for that of the connection.</summary>
    public string? Schema { get; init; }

    /// <summary>
    /// True takes an exclusive lock on <c>FILE.lock</c> beside a SQLite file for as long as the database is open: the component that uses
    /// it keeps state in memory that a second process would not see.
    /// </summary>
    public bool SingleProcess { get; init; }

    /// <summary>Up to how many megabytes a SQLite file is checked for damage when it is opened; 0 for never.</summary>
    public int CheckMegabytes { get; init; }
}
