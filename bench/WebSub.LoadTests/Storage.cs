namespace WebSub.LoadTests;

/// <summary>The database that the hub runs on.</summary>
internal enum Storage
{
    /// <summary>A file in a temporary folder.</summary>
    Sqlite,

    /// <summary>A private server.</summary>
    PostgreSql,
}
