using System.Data.Common;

namespace WebSub.Publisher;

/// <summary>
/// Notifies hubs of updates (§6). What is published is stored; the app continues while every hub of the topic is notified in the
/// background, with retries if necessary, even after a restart.
/// </summary>
public interface IWebSubPublisher
{
    /// <summary>
    /// Stores that these topics changed, and returns. Pings for one topic that have not reached a hub yet are combined into one.
    /// </summary>
    /// <param name="topics">
    /// The topics, as advertised with <c>rel=self</c>. One that starts with <c>/</c> is relative to the setting <c>PublicUrl</c> or,
    /// without it, to the address of the current request. Characters that a URL cannot contain are percent-encoded, as they are where the
    /// topic is advertised; nothing else is changed in a URL of another site.
    /// </param>
    /// <param name="cancellationToken">Ends waiting; what was stored stays stored.</param>
    /// <exception cref="ArgumentException">
    /// A topic is empty, is longer than 2,048 bytes, contains a NUL, or is a path and nothing says where the app is; nothing is stored.
    /// </exception>
    Task PublishAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores in the app's own transaction that these topics changed: hubs are notified if and when it commits. The publisher's tables must
    /// be in the same database: set <c>ConnectionStrings:WebSubPublisher</c> to the app's connection string.
    /// </summary>
    /// <param name="topics">As above.</param>
    /// <param name="connection">The app's open connection, to SQLite or PostgreSQL.</param>
    /// <param name="transaction">Its running transaction; null stores at once.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="InvalidOperationException">The connection leads to another database than the publisher's.</exception>
    Task PublishAsync(
        IEnumerable<string> topics,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Stores new content of a topic, and returns. Hubs that take content get all of it, in order; the others get a ping.
    /// </summary>
    /// <param name="topic">The topic, as above.</param>
    /// <param name="content">The new content, complete.</param>
    /// <param name="contentType">Its content type, sent verbatim.</param>
    /// <param name="cancellationToken">Ends waiting; what was stored stays stored.</param>
    /// <exception cref="ArgumentException">
    /// The topic is not valid, or the content is larger than the setting <c>MaxContentBytes</c>.
    /// </exception>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken = default);

    /// <summary>Stores new content of a topic in the app's own transaction.</summary>
    /// <param name="topic">The topic, as above.</param>
    /// <param name="content">The new content, complete.</param>
    /// <param name="contentType">Its content type, sent verbatim.</param>
    /// <param name="connection">The app's open connection, to SQLite or PostgreSQL.</param>
    /// <param name="transaction">Its running transaction; null stores at once.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="InvalidOperationException">The connection leads to another database than the publisher's.</exception>
    Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> content,
        string contentType,
        DbConnection connection,
        DbTransaction? transaction,
        CancellationToken cancellationToken = default
    );

    /// <summary>Lists which hub knows of which update: one item per topic and hub.</summary>
    /// <param name="topic">Only this topic; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<WebSubPublication> ListAsync(string? topic = null, CancellationToken cancellationToken = default);
}
