using System.Data.Common;

namespace WebSub.Publisher;

/// <summary>
/// Tells the hubs of updates (§6). What is published is stored; the app goes on while every hub of the topic is told in the background,
/// again and again if need be, also after a restart.
/// </summary>
public interface IWebSubPublisher
{
    /// <summary>Stores that these topics changed, and returns. Pings of one topic that a hub has not been told of yet become one.</summary>
    /// <param name="topics">
    /// The topics, as advertised with <c>rel=self</c>. One that starts with <c>/</c> is below the setting <c>PublicUrl</c> or, without
    /// that, below the address of the request that is being answered. What cannot stand in a URL is percent-encoded, as where it is
    /// advertised; nothing else is changed in a URL of another site.
    /// </param>
    /// <param name="cancellationToken">Ends waiting; what was stored stays stored.</param>
    /// <exception cref="ArgumentException">
    /// A topic is empty, longer than 2,048 bytes, has a NUL, or is a path without anything that says where the app is; nothing is stored.
    /// </exception>
    Task PublishAsync(IEnumerable<string> topics, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores in the app's own transaction that these topics changed: hubs are told if and when it commits. The publisher's tables must be
    /// in that database: give <c>ConnectionStrings:WebSubPublisher</c> the app's connection string.
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
    /// Stores new content of a topic, and returns. Hubs that take content get it, in order, nothing left out; the others are told that the
    /// topic changed.
    /// </summary>
    /// <param name="topic">The topic, as above.</param>
    /// <param name="content">The new content, complete.</param>
    /// <param name="contentType">Its content type, sent verbatim.</param>
    /// <param name="cancellationToken">Ends waiting; what was stored stays stored.</param>
    /// <exception cref="ArgumentException">
    /// The topic cannot be one, or the content is larger than the setting <c>MaxContentBytes</c>.
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

    /// <summary>Which hub knows of which update: one item per topic and hub.</summary>
    /// <param name="topic">Only this topic; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<WebSubPublication> ListAsync(string? topic = null, CancellationToken cancellationToken = default);
}
