namespace WebSub.Hub;

/// <summary>The hub as seen by the app that embeds it.</summary>
public interface IWebSubHub
{
    /// <summary>Publishes content to a topic. Returns once it is stored; it is then delivered to every subscriber (§7).</summary>
    /// <param name="topic">The topic, byte for byte as subscribers know it.</param>
    /// <param name="content">The new content.</param>
    /// <param name="contentType">Its content type, delivered verbatim.</param>
    /// <param name="cancellationToken">Stops waiting; content that is already stored stays stored.</param>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports that a topic has changed. Returns once that is stored; the hub then fetches the topic and delivers it if it differs.
    /// </summary>
    /// <param name="topic">The topic's URL, byte for byte as subscribers know it. Nothing happens if it has no subscribers.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task PingAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Ends a subscription and sends <c>hub.mode=denied</c> to its callback (§5.2), as a hub may at any time.</summary>
    /// <param name="topic">The topic, byte for byte.</param>
    /// <param name="callback">The callback, byte for byte.</param>
    /// <param name="reason">The reason given to the subscriber; null for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False if there was no such subscription; its callback is then not notified.</returns>
    Task<bool> RevokeAsync(string topic, string callback, string? reason = null, CancellationToken cancellationToken = default);
}
