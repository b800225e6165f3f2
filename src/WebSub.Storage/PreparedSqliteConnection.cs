using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace WebSub.Storage;

/// <summary>
/// A connection that keeps the statements it has prepared: preparing one of ours takes SQLite about as long as running it.
/// </summary>
internal sealed class PreparedSqliteConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>Kept statements; the hub's engine has about a hundred texts, and each takes some kilobytes.</summary>
    private const int MaxKept = 128;

    private readonly Dictionary<string, (SqliteCommand Command, long Used)> _kept = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>A command with this text and no parameters, prepared already if it was used before.</summary>
    public SqliteCommand Borrow(string text) =>
        _kept.Remove(text, out var kept) ? kept.Command : new SqliteCommand(text, this) { CommandTimeout = DefaultTimeout };

    /// <summary>Keeps a command for its next use; the one that was used longest ago goes if there are too many.</summary>
    public void GiveBack(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (!_kept.TryAdd(command.CommandText, (command, ++_uses)))
        {
            command.Dispose();
            return;
        }

        if (_kept.Count <= MaxKept)
            return;
        var oldest = _kept.MinBy(k => k.Value.Used);
        _kept.Remove(oldest.Key);
        oldest.Value.Command.Dispose();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        foreach (var (command, _) in _kept.Values)
            command.Dispose();
        _kept.Clear();
        base.Close();
    }

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => new SqliteStatement(this);
}
