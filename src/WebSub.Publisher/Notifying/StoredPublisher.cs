using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebSub.Publisher.Links;
using WebSub.Publisher.Storage;
using WebSub.Storage;

namespace WebSub.Publisher.Notifying;

/// <summary>Stores what is published and wakes the sender.</summary>
internal sealed class StoredPublisher(
    PublisherDatabase database,
    PingStore pings,
    PublicationList publications,
    TopicNames names,
    NotifySignal signal,
    IOptions<WebSubPublisherOptions> options,
    TimeProvider time
) : IWebSubPublisher
{
    /// <inheritdoc/>
    public async Task PublishAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default)
    {
        var added = Pings(topics);
        if (added.Count == 0)
            return;
        await pings.AddAsync(added, cancellationToken);
        signal.Raise();
    }

    /// <inheritdoc/>
    public Task PublishAsync(
        IEnumerable<string> topics,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken = default
    )
    {
        var added = Pings(topics);
        return added.Count == 0 ? Task.CompletedTask : AddAsync(added, connection, transaction, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> content,
        string contentType,
        CancellationToken cancellationToken = default
    )
    {
        await pings.AddAsync([Content(topic, content, contentType)], cancellationToken);
        signal.Raise();
    }

    /// <inheritdoc/>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> content,
        string contentType,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken = default
    ) => AddAsync([Content(topic, content, contentType)], connection, transaction, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<WebSubPublication> ListAsync(
        string? topic = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var publication in publications.ReadAsync(topic is null ? null : names.Resolve(topic), cancellationToken))
            yield return publication;
    }

    private async Task AddAsync(
        List<PendingPing> added,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.State != ConnectionState.Open)
            throw new ArgumentException("The connection is not open.", nameof(connection));
        AppConnection.Check(connection, database.Db);
        try
        {
            await pings.AddAsync(added, connection, transaction, cancellationToken);
        }
        catch (DbException e) when (AppConnection.IsMissingTable(e))
        {
            throw new InvalidOperationException(
                $"The connection's database has no table {database.Db.Sql("{pings}")}. "
                    + "Set ConnectionStrings:WebSubPublisher to the connection string of the app's database; "
                    + "the tables are created at start.",
                e
            );
        }

        // Without a transaction it is there already; with one, the next look at the database finds it.
        signal.Raise();
    }

    private List<PendingPing> Pings(IEnumerable<string> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var now = DatabaseTime.Now(time);
        return
        [
            .. topics
                .Select(names.Resolve)
                .Distinct(StringComparer.Ordinal)
                .Select(t => PendingPing.WithoutContent(t, Activity.Current?.Id, now)),
        ];
    }

    private PendingPing Content(string topic, ReadOnlyMemory<byte> content, string contentType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(contentType);
        if (content.Length > options.Value.MaxContentBytes)
            throw new ArgumentException(
                $"The content has {content.Length} bytes; WebSub:Publisher:MaxContentBytes allows {options.Value.MaxContentBytes}.",
                nameof(content)
            );
        return new(names.Resolve(topic), contentType, content.ToArray(), Activity.Current?.Id, DatabaseTime.Now(time));
    }
}
