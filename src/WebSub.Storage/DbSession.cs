using System.Data.Common;
using Dapper;

namespace WebSub.Storage;

/// <summary>A connection and, for writes, its transaction: what a store's statements run on.</summary>
internal sealed class DbSession
{
    private readonly Database _database;
    private readonly CancellationToken _cancellationToken;

    internal DbSession(Database database, DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken) =>
        (_database, Connection, Transaction, _cancellationToken) = (database, connection, transaction, cancellationToken);

    /// <summary>Which dialect the connection speaks.</summary>
    public SqlDialect Dialect => _database.Dialect;

    /// <summary>The open connection.</summary>
    public DbConnection Connection { get; }

    /// <summary>The running transaction; null in a read.</summary>
    public DbTransaction? Transaction { get; }

    /// <summary>Runs a statement and returns how many rows it touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => Connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>All rows of a query.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        RowMap<T>.Register();
        return (await Connection.QueryAsync<T>(Command(sql, parameters))).AsList();
    }

    /// <summary>
    /// All rows of a query, read column by column: for hot paths, where a mapper that boxes every value costs more than the database.
    /// </summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, object? parameters, Func<DbDataReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        var rows = new List<T>();
        // Not DisposeAsync: Dapper's reader lets go of its command in Dispose only, and a connection keeps a list of its commands.
#pragma warning disable CA1849 // It is closed by then, so nothing is left to wait for.
        using var reader = await Connection.ExecuteReaderAsync(Command(sql, parameters));
#pragma warning restore CA1849
        while (await reader.ReadAsync(_cancellationToken))
            rows.Add(read(reader));
        await reader.CloseAsync();
        return rows;
    }

    /// <summary>
    /// Runs several statements, each of which sees what the ones before it did. On PostgreSQL they take one round trip.
    /// </summary>
    /// <param name="sql">The statements, with semicolons between them.</param>
    /// <param name="parameters">The parameters of all of them.</param>
    /// <param name="read">Reads the rows of those that return any, in their order.</param>
    public async Task<T> ReadTogetherAsync<T>(string sql, object? parameters, Func<RowSets, Task<T>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        await using var grid = await Connection.QueryMultipleAsync(Command(sql, parameters));
        return await read(new RowSets(grid));
    }

    /// <summary>The first row of a query, or null (the default).</summary>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null)
    {
        RowMap<T>.Register();
        return Connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));
    }

    /// <summary>The first column of the first row.</summary>
    public Task<T?> ScalarAsync<T>(string sql, object? parameters = null) => Connection.ExecuteScalarAsync<T>(Command(sql, parameters));

    /// <summary>
    /// The condition that a column is one of a list of ids, and the list as its parameter: an array on PostgreSQL, a JSON array on SQLite.
    /// One text for any length, so the statement stays prepared.
    /// </summary>
    public string AnyOf(string column, string parameter) =>
        Dialect == SqlDialect.PostgreSql ? $"{column} = any(@{parameter})" : $"{column} in (select value from json_each(@{parameter}))";

    /// <summary>The parameter for <see cref="AnyOf"/>.</summary>
    public object Ids(IEnumerable<long> ids) => Dialect == SqlDialect.PostgreSql ? ids.ToArray() : $"[{string.Join(',', ids)}]";

    /// <inheritdoc cref="Ids(IEnumerable{long})"/>
    public object Ids<T>(IEnumerable<T> ids)
        where T : struct, IColumnValue<T, long> => Ids(ids.Select(id => id.Stored));

    /// <summary>The text for the dialect at hand.</summary>
    public string Pick(string sqlite, string postgreSql) => Dialect == SqlDialect.PostgreSql ? postgreSql : sqlite;

    /// <summary>
    /// Holds an advisory lock until the transaction ends: alone, or with others that share it. On SQLite, which has one writer, this does
    /// nothing.
    /// </summary>
    public Task LockAsync(long key, bool shared = false) =>
        Dialect == SqlDialect.PostgreSql
            ? ExecuteAsync($"select pg_advisory_xact_lock{(shared ? "_shared" : "")}(@key)", new { key })
            : Task.CompletedTask;

    private CommandDefinition Command(string sql, object? parameters) =>
        new(
            _database.Sql(sql),
            Dialect == SqlDialect.PostgreSql ? StoredParameters.Of(parameters) : parameters,
            Transaction,
            cancellationToken: _cancellationToken
        );
}
