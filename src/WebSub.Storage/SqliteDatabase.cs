using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WebSub.Storage;

/// <summary>
/// SQLite in WAL mode with synchronous=FULL. Its one writer puts all writes that have arrived, up to <see cref="MaxGroup"/>, into one
/// transaction, so that many callers share one fsync; each write has its own savepoint, so one that fails does not affect the others. What
/// was committed is moved from the log to the file in the background (<see cref="SqliteCheckpoints"/>).
/// </summary>
internal sealed class SqliteDatabase : Database
{
    private const int MaxGroup = 512;

    /// <summary>Connections kept for reads; more are opened while more reads run at once.</summary>
    private const int MaxReaders = 8;

    private readonly string _connectionString;
    private readonly bool _singleProcess;
    private readonly bool _mayCreate;
    private readonly long _checkBytes;
    private string? _damage;
    private readonly System.Threading.Channels.Channel<Write> _writes = System.Threading.Channels.Channel.CreateUnbounded<Write>(
        new() { SingleReader = true }
    );
    private readonly ConcurrentStack<PreparedSqliteConnection> _readers = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private FileStream? _lock;
    private Task? _writer;
    private PreparedSqliteConnection? _writerConnection;
    private readonly SemaphoreSlim _committing = new(1, 1);
    private SqliteCheckpoints? _checkpoints;

    public SqliteDatabase(DatabaseOptions options)
        : base(options, SqlDialect.Sqlite)
    {
        var builder = new SqliteConnectionStringBuilder(options.ConnectionString);
        if (builder.DataSource.Length == 0 || builder.DataSource == ":memory:" || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new DatabaseException(
                "SQLite needs a file: set \"Data Source=PATH\". An in-memory database would lose what has been acknowledged with 2xx."
            );
        }

        builder.DataSource = Path.GetFullPath(builder.DataSource);
        Description = builder.DataSource;
        _connectionString = builder.ConnectionString;
        _singleProcess = options.SingleProcess;
        _mayCreate = builder.Mode == SqliteOpenMode.ReadWriteCreate;
        _checkBytes = options.CheckMegabytes * 1_000_000L;
    }

    public override string Description { get; }

    public override IEnumerable<string> Files => [Description, Description + "-wal", Description + "-shm"];

    private protected override async Task<T> ReadOnAsync<T>(Func<DbSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await EnsureOpenAsync(cancellationToken);
        var connection = _readers.TryPop(out var idle) ? idle : await ConnectAsync(cancellationToken);
        try
        {
            var result = await read(new(this, connection, null, cancellationToken));
            Keep(ref connection);
            return result;
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            throw Damage(e.Message, e);
        }
        finally
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Keeps a connection that has served a read for the next one, with its prepared statements, unless enough are kept.</summary>
    private void Keep(ref PreparedSqliteConnection? reader)
    {
        if (_readers.Count >= MaxReaders || _writes.Reader.Completion.IsCompleted)
            return;
        _readers.Push(reader!);
        reader = null;
    }

    private protected override async Task<T> WriteOnAsync<T>(Func<DbSession, Task<T>> write, CancellationToken cancellationToken)
    {
        await EnsureOpenAsync(cancellationToken);
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        T result = default!;
        var queued = _writes.Writer.TryWrite(
            new(
                async session => result = await write(session),
                () => completion.TrySetResult(result),
                e => completion.TrySetException(e),
                cancellationToken
            )
        );
        ObjectDisposedException.ThrowIf(!queued, this);
        return await completion.Task.WaitAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        if (_writer is not null)
            await _writer;
        if (_checkpoints is not null)
            await _checkpoints.DisposeAsync();
        while (_readers.TryPop(out var reader))
            await reader.DisposeAsync();
        if (_writerConnection is not null)
        {
            await _writerConnection.DisposeAsync();
            SqliteConnection.ClearPool(_writerConnection);
        }

        _lock?.Dispose();
        _opening.Dispose();
        _committing.Dispose();
    }

    // The writer's transaction is the only one in this process, and SQLite's own lock keeps other processes out.
    internal override Task LockMigrationsAsync(DbSession session) => Task.CompletedTask;

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>From the first sign on nothing is read or written: what a damaged file says may be anything.</summary>
    private DatabaseException Damage(string what, Exception? innerException = null)
    {
        var sentence =
            $"The SQLite file {Description} is damaged ({what.TrimEnd('.')}), so nothing more is read from it or written to it. Stop, keep "
            + "a copy of the file with its -wal, and restore a backup; what can still be read is rescued by  sqlite3 FILE .recover";
        if (Interlocked.CompareExchange(ref _damage, sentence, null) is null)
            Damaged?.Invoke(sentence);
        return new(sentence, innerException);
    }

    private async Task CheckAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        if (new FileInfo(Description).Length is var length && (length == 0 || length > _checkBytes))
            return;
        await using var command = connection.CreateCommand();
        command.CommandText = "pragma quick_check(1)";
        var found = (string?)await command.ExecuteScalarAsync(cancellationToken);
        if (found is not null and not "ok")
            throw Damage(found.ReplaceLineEndings(" "));
    }

    private async ValueTask EnsureOpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _damage) is { } damage)
            throw new DatabaseException(damage);
        if (Volatile.Read(ref _writer) is not null)
            return;
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_writer is not null)
                return;
            if (_singleProcess)
                _lock ??= TakeLock();
            // SQLite gives its other files the mode of this one.
            if (_mayCreate && !File.Exists(Description))
                await PrivateFiles.Open(Description, FileMode.OpenOrCreate, FileShare.ReadWrite | FileShare.Delete).DisposeAsync();
            _writerConnection = await ConnectAsync(cancellationToken);
            await CheckAsync(_writerConnection, cancellationToken);
            await using var command = _writerConnection.CreateCommand();
            command.CommandText =
                "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -16384; "
                + "create table if not exists websub_write_probe (x integer); drop table websub_write_probe;";
            await command.ExecuteNonQueryAsync(cancellationToken);
            _checkpoints = new(_writerConnection, await ConnectAsync(cancellationToken), _committing);
            Volatile.Write(ref _writer, Task.Run(RunWriterAsync, CancellationToken.None));
        }
        catch (Exception e) when (e is SqliteException or DatabaseException or IOException or UnauthorizedAccessException)
        {
            if (_writerConnection is not null)
                await _writerConnection.DisposeAsync();
            throw e switch
            {
                DatabaseException known => known,
                SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT } => Damage(e.Message, e),
                _ => new DatabaseException($"The SQLite file {Description} cannot be opened for writing: {e.Message}", e),
            };
        }
        finally
        {
            _opening.Release();
        }
    }

    private FileStream TakeLock()
    {
        var path = Description + ".lock";
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (Exception e)
            when (e is UnauthorizedAccessException or DirectoryNotFoundException || (e is IOException && !File.Exists(path)))
        {
            throw new DatabaseException($"The SQLite file {Description} cannot be opened for writing: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new DatabaseException(
                $"The SQLite file {Description} is in use by another process (it holds {path}). Stop it, or use PostgreSQL to run several.",
                e
            );
        }
    }

    private async Task<PreparedSqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new PreparedSqliteConnection(_connectionString) { DefaultTimeout = 30 };
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task RunWriterAsync()
    {
        var group = new List<Write>(MaxGroup);
        while (await _writes.Reader.WaitToReadAsync())
        {
            group.Clear();
            while (group.Count < MaxGroup && _writes.Reader.TryRead(out var write))
                group.Add(write);
            await _committing.WaitAsync();
            await CommitAsync(group);
            _committing.Release();
            foreach (var write in group)
                write.Complete();
            Written?.Invoke();
            _checkpoints!.Committed();
        }
    }

    private async Task CommitAsync(List<Write> group)
    {
        try
        {
            await using var transaction = _writerConnection!.BeginTransaction(deferred: false);
            foreach (var write in group)
                await RunAsync(write, transaction, alone: group.Count == 1);
            if (group.Exists(w => w.Error is null))
                await transaction.CommitAsync();
        }
#pragma warning disable CA1031 // Every caller of the group gets the failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var write in group)
                write.Error ??= Seen(e);
        }
    }

    private async Task RunAsync(Write write, SqliteTransaction transaction, bool alone)
    {
        if (write.CancellationToken.IsCancellationRequested)
        {
            write.Error = new OperationCanceledException(write.CancellationToken);
            return;
        }

        if (!alone)
            await ExecuteAsync("savepoint w", transaction);
        try
        {
            await write.Body(new(this, _writerConnection!, transaction, CancellationToken.None));
            if (!alone)
                await ExecuteAsync("release w", transaction);
        }
#pragma warning disable CA1031 // It is passed to the caller.
        catch (Exception e)
#pragma warning restore CA1031
        {
            write.Error = Seen(e);
            if (!alone)
                await ExecuteAsync("rollback to w", transaction);
        }
    }

    private async Task ExecuteAsync(string text, SqliteTransaction transaction)
    {
        await using var statement = new SqliteStatement(_writerConnection!) { CommandText = text, Transaction = transaction };
        await statement.ExecuteNonQueryAsync();
    }

    private Exception Seen(Exception e) => e is SqliteException failed && IsDamage(failed) ? Damage(e.Message, e) : e;

    private sealed class Write(Func<DbSession, Task> body, Action succeed, Action<Exception> fail, CancellationToken cancellationToken)
    {
        public Func<DbSession, Task> Body { get; } = body;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public Exception? Error { get; set; }

        public void Complete()
        {
            if (Error is null)
                succeed();
            else
                fail(Error);
        }
    }
}
