using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace WebSub.Storage;

/// <summary>
/// One database, SQLite or PostgreSQL, as the stores see it: reads on their own connections, writes in short transactions. In SQL text a
/// table is written <c>{topics}</c> and gets its schema and prefix here.
/// </summary>
internal abstract partial class Database : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _resolved = new(StringComparer.Ordinal);
    private readonly string _tableStart;

    private static readonly KeyValuePair<string, object?> Reads = new("websub.operation", "read");
    private static readonly KeyValuePair<string, object?> Writes = new("websub.operation", "write");

    static Database() => ColumnTypes.AddOwn();

    private protected Database(DatabaseOptions options, SqlDialect dialect)
    {
        Dialect = dialect;
        _tableStart =
            dialect == SqlDialect.PostgreSql && options.Schema is { } schema ? $"\"{schema}\".{options.TablePrefix}" : options.TablePrefix;
    }

    /// <summary>Which dialect its SQL must be written in.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>The file with its full path, or host and database; never a password.</summary>
    public abstract string Description { get; }

    /// <summary>Its files on this machine, whether they exist or not.</summary>
    public virtual IEnumerable<string> Files => [];

    /// <summary>
    /// Called once with a sentence for the operator if the database turns out to be damaged; from then on every use of it fails.
    /// </summary>
    public Action<string>? Damaged { get; set; }

    /// <summary>Creates a database; nothing is opened before its first use.</summary>
    /// <exception cref="DatabaseException">The connection string cannot be read.</exception>
    public static Database Create(DatabaseOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!IdentifierPattern().IsMatch(options.TablePrefix))
            throw new DatabaseException($"The table prefix \"{options.TablePrefix}\" must be lower-case letters, digits and underscores.");
        if (options.Schema is { } schema && !IdentifierPattern().IsMatch(schema))
            throw new DatabaseException($"The schema \"{schema}\" must be lower-case letters, digits and underscores.");
        try
        {
            return (options.Provider ?? ConnectionStrings.DialectOf(options.ConnectionString)) == SqlDialect.PostgreSql
                ? new PostgreSqlDatabase(options)
                : new SqliteDatabase(options);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new DatabaseException($"The connection string cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Runs a read. It sees what was committed when it began.</summary>
    public Task<T> ReadAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken) =>
        Durations is { Enabled: true } durations
            ? TimeAsync(durations, Reads, ReadOnAsync(read, cancellationToken))
            : ReadOnAsync(read, cancellationToken);

    /// <summary>
    /// Runs a write in a transaction and returns once it is durable. On SQLite the delegate holds the database's only writer, so it may do
    /// nothing but use its session. If it throws, nothing is stored.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken) =>
        Durations is { Enabled: true } durations
            ? TimeAsync(durations, Writes, WriteOnAsync(write, cancellationToken))
            : WriteOnAsync(write, cancellationToken);

    /// <summary>
    /// Migrates the tables of a component to the newest version: the numbered scripts embedded under <c>Storage.Migrations</c> of its
    /// assembly.
    /// </summary>
    /// <exception cref="DatabaseException">
    /// The database cannot be reached or written, or an applied script has changed since.
    /// </exception>
    public Task MigrateAsync(Assembly assembly, CancellationToken cancellationToken) =>
        new MigrationRunner(this).RunAsync(assembly, cancellationToken);

    /// <summary>
    /// Migrates the tables of a component to the newest version, or only checks that they are up to date, for deployments with a separate
    /// migration step.
    /// </summary>
    /// <param name="assembly">The component, with its numbered scripts.</param>
    /// <param name="migrate">False changes nothing and fails if anything is missing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DatabaseException">
    /// The tables are not as this version needs them; the message names the missing migrations.
    /// </exception>
    public Task PrepareAsync(Assembly assembly, bool migrate, CancellationToken cancellationToken) =>
        migrate ? MigrateAsync(assembly, cancellationToken) : new MigrationRunner(this).CheckAsync(assembly, cancellationToken);

    /// <summary>The names of the scripts of a component that <see cref="MigrateAsync"/> would apply, in order. Changes nothing.</summary>
    /// <exception cref="DatabaseException">The database cannot be reached, or is not one that this version can migrate.</exception>
    public Task<IReadOnlyList<string>> FindMissingMigrationsAsync(Assembly assembly, CancellationToken cancellationToken) =>
        new MigrationRunner(this).FindMissingAsync(assembly, cancellationToken);

    /// <summary>Notifies every listener of a channel, in any process. Only PostgreSQL has listeners; on SQLite this does nothing.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="payload">The message, less than 8,000 bytes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public virtual Task NotifyAsync(string channel, string payload, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Listens to a channel on its own connection until cancelled or until that connection breaks; call it again then. On SQLite it returns
    /// at once.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="hear">Called with each message; must not block.</param>
    /// <param name="cancellationToken">Ends listening.</param>
    public virtual Task ListenAsync(string channel, Action<string> hear, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Holds a key on its own connection until cancelled or until that connection breaks: PostgreSQL shows it in <c>pg_locks</c> exactly as
    /// long as this process is alive. On SQLite, with its one process, it returns at once.
    /// </summary>
    /// <param name="key">The key of a session-level advisory lock.</param>
    /// <param name="held">Called with true once the key is held and with false once it no longer is; must not block.</param>
    /// <param name="cancellationToken">Ends holding.</param>
    public virtual Task HoldAsync(long key, Action<bool> held, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes nothing, in a transaction of its own: it returns if the database can be written to.</summary>
    public Task AskAsync(CancellationToken cancellationToken) =>
        WriteAsync(session => session.ScalarAsync<long>("select 1"), cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<DbSession, Task> write, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await write(session);
                return true;
            },
            cancellationToken
        );

    /// <summary>Gets the seconds of each read and write, waiting included; null if nobody wants them.</summary>
    public Histogram<double>? Durations { get; set; }

    /// <summary>Called with every statement before it runs, for tests that count them.</summary>
    internal Action<string>? Watch { get; set; }

    /// <summary>Called after every commit, for tests that wait for its effects.</summary>
    internal Action? Written { get; set; }

    /// <summary>The statement with its <c>{table}</c> marks replaced.</summary>
    public string Sql(string text)
    {
        Watch?.Invoke(text);
        return _resolved.GetOrAdd(text, t => TablePattern().Replace(t, m => _tableStart + m.Groups["table"].Value));
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc cref="ReadAsync{T}"/>
    private protected abstract Task<T> ReadOnAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    private protected abstract Task<T> WriteOnAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken);

    /// <summary>Keeps migrations of one schema from running twice at a time; held until the session's transaction ends.</summary>
    internal abstract Task LockMigrationsAsync(DbSession session);

    /// <summary>True if this statement may be run again because the database aborted it in favour of another transaction.</summary>
    private protected static bool IsTransient(DbException e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>True if the database could not take what it was given, which says nothing about other rows: a text, a value, a constraint.</summary>
    internal static bool IsRefusal(DbException e) =>
        e switch
        {
            PostgresException postgres => postgres.SqlState is ['2', '2' or '3', ..],
            SqliteException sqlite => sqlite.SqliteErrorCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH,
            _ => false,
        };

    private static async Task<T> TimeAsync<T>(Histogram<double> durations, KeyValuePair<string, object?> operation, Task<T> running)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await running;
        }
        finally
        {
            durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, operation);
        }
    }

    [GeneratedRegex(@"\{(?<table>[a-z_]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TablePattern();

    [GeneratedRegex("^[a-z0-9_]*$", RegexOptions.None, 1000)]
    private static partial Regex IdentifierPattern();
}
