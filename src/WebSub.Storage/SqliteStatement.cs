using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace WebSub.Storage;

/// <summary>
/// A command that borrows a prepared one with the same text from its connection for as long as it is used. One that failed, or whose rows
/// were not read to the end, is not lent again.
/// </summary>
internal sealed class SqliteStatement(PreparedSqliteConnection connection) : DbCommand
{
    // Only its parameters are used: Dapper keeps hold of them while it writes the text anew, for a list of values.
    private readonly SqliteCommand _given = new();
    private string _text = "";
    private SqliteCommand? _prepared;
    private SqliteTransaction? _transaction;
    private SqliteDataReader? _reader;
    private bool _failed;

    /// <inheritdoc/>
    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            GiveBack();
            _text = value ?? "";
        }
    }

    /// <inheritdoc/>
    public override int CommandTimeout { get; set; } = connection.DefaultTimeout;

    /// <inheritdoc/>
    public override CommandType CommandType { get; set; } = CommandType.Text;

    /// <inheritdoc/>
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A statement belongs to one connection.");
    }

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => _transaction = (SqliteTransaction?)value;
    }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => _given.Parameters;

    /// <inheritdoc/>
    public override void Cancel()
    {
        // SQLite runs a statement on the caller's thread; there is nothing to call off.
    }

    /// <inheritdoc/>
    public override int ExecuteNonQuery() => Run(prepared => prepared.ExecuteNonQuery());

    /// <inheritdoc/>
    public override object? ExecuteScalar() => Run(prepared => prepared.ExecuteScalar());

    /// <inheritdoc/>
    public override void Prepare()
    {
        // It is prepared when it is run, unless it was before.
    }

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        _reader = Run(prepared => prepared.ExecuteReader(behavior));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
            _given.Dispose();
        }

        base.Dispose(disposing);
    }

    private T Run<T>(Func<SqliteCommand, T> run)
    {
        var succeeded = false;
        GiveBack();
        _prepared = connection.Borrow(_text);
        try
        {
            _prepared.Transaction = _transaction;
            _prepared.Parameters.AddRange(_given.Parameters.Cast<SqliteParameter>());
            var result = run(_prepared);
            succeeded = true;
            return result;
        }
        finally
        {
            _failed |= !succeeded;
        }
    }

    private void GiveBack()
    {
        if (_prepared is null)
            return;
        if (_failed || _reader is { IsClosed: false })
            _prepared.Dispose();
        else
            connection.GiveBack(_prepared);
        (_prepared, _reader, _failed) = (null, null, false);
    }
}
