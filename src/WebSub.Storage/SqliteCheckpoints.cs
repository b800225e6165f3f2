using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace WebSub.Storage;

/// <summary>
/// Moves what was committed from SQLite's log to its file, on its own connection, so that no commit waits for it. Only if the log grows
/// long nevertheless does it hold up the writer, for the rest of the log: the next commit then restarts the log.
/// </summary>
internal sealed class SqliteCheckpoints : IAsyncDisposable
{
    /// <summary>How many pages are written before they are worth a checkpoint; SQLite's own default.</summary>
    private const int Worthwhile = 1000;

    /// <summary>From this many pages on, 16 MB, a log is long.</summary>
    private const int Long = 4096;

    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int PagesWritten = 9;

    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _connection;
    private readonly SemaphoreSlim _committing;
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly Task _running;
    private int _pages;

    /// <param name="writer">The connection that writes; only what it counts is read.</param>
    /// <param name="connection">A connection of our own.</param>
    /// <param name="committing">Held by the writer while it has a transaction.</param>
    public SqliteCheckpoints(SqliteConnection writer, SqliteConnection connection, SemaphoreSlim committing)
    {
        (_writer, _connection, _committing) = (writer, connection, committing);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Called by the writer after each transaction.</summary>
    public void Committed()
    {
        _ = raw.sqlite3_db_status(_writer.Handle!, PagesWritten, out var pages, out _, 1);
        _pages += pages;
        if (_pages < Worthwhile)
            return;
        _pages = 0;
        _due.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        _due.Writer.TryComplete();
        await _running;
        await _connection.DisposeAsync();
    }

    private async Task RunAsync()
    {
        while (await _due.Reader.WaitToReadAsync())
        {
            _due.Reader.TryRead(out _);
            if (Checkpoint() <= Long)
                continue;

            await _committing.WaitAsync();
            Checkpoint();
            _committing.Release();
        }
    }

    /// <summary>Moves what no reader blocks. Returns the length of the log, in pages.</summary>
    private int Checkpoint()
    {
        try
        {
            using var command = _connection.CreateCommand();
            command.CommandText = "pragma wal_checkpoint(passive)";
            using var row = command.ExecuteReader();
            return row.Read() ? row.GetInt32(1) : 0;
        }
        catch (SqliteException)
        {
            // What was committed is safe in the log; the next checkpoint moves it.
            return 0;
        }
    }
}
