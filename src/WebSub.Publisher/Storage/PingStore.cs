using System.Data;
using System.Data.Common;

namespace WebSub.Publisher.Storage;

/// <summary>
/// What was published and not yet taken in. Rows are only inserted here, with SQL that both dialects accept, on our connections and the
/// app's.
/// </summary>
internal sealed class PingStore(PublisherDatabase database)
{
    private const string Insert =
        "insert into {pings} (topic, content_type, content, trace_parent, published_at) "
        + "values (@topic, @contentType, @content, @traceParent, @publishedAt)";

    /// <summary>Stores the updates in their own transaction.</summary>
    public Task AddAsync(IReadOnlyList<PendingPing> pings, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => AddAsync(pings, session.Connection, session.Transaction, cancellationToken), cancellationToken);

    /// <summary>Stores the updates on the app's connection, in its transaction if there is one.</summary>
    public async Task AddAsync(
        IReadOnlyList<PendingPing> pings,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken
    )
    {
        await using var command = connection.CreateCommand();
        // The text is a constant with the table's name filled in; values are passed as parameters.
#pragma warning disable CA2100
        command.CommandText = database.Db.Sql(Insert);
#pragma warning restore CA2100
        command.Transaction = transaction;
        var (topic, contentType, content) = (
            Add(command, "topic", DbType.String),
            Add(command, "contentType", DbType.String),
            Add(command, "content", DbType.Binary)
        );
        var (traceParent, publishedAt) = (Add(command, "traceParent", DbType.String), Add(command, "publishedAt", DbType.Int64));
        foreach (var ping in pings)
        {
            (topic.Value, contentType.Value, content.Value) = (
                ping.Topic,
                ping.ContentType ?? (object)DBNull.Value,
                ping.Content ?? (object)DBNull.Value
            );
            (traceParent.Value, publishedAt.Value) = (ping.TraceParent ?? (object)DBNull.Value, ping.PublishedAt.Microseconds);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static DbParameter Add(DbCommand command, string name, DbType type)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.DbType) = (name, type);
        command.Parameters.Add(parameter);
        return parameter;
    }
}
