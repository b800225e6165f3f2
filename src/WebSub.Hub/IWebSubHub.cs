namespace WebSub.Hub;

/// <summary>The hub, for the app that embeds it.</summary>
public interface IWebSubHub
{
    /// <summary>Publishes content to a topic: returns once it is stored; it is then delivered to every subscriber (§7).</summary>
    /// <param name="topic">The topic, byte for byte as subscribers know it.</param>
    /// <param name="content">The new content.</param>
    /// <param name="contentType">Its content type, delivered verbatim.</param>
    /// <param name="cancellationToken">Ends waiting; what was stored stays stored.</param>
    Task PublishAsync(string topic, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken = default);

    /// <summary>
    /// Tells that a topic changed: returns once that is stored; the hub then fetches the topic and delivers it if it differs.
    /// </summary>
    /// <param name="topic">The topic's URL, byte for byte as subscribers know it. Without subscribers nothing happens.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task PingAsync(string topic, CancellationToken cancellationToken = default);

    /// <summary>Ends a subscription and tells its callback <c>hub.mode=denied</c> (§5.2): the hub may deny at any time.</summary>
    /// <param name="topic">The topic, byte for byte.</param>
    /// <param name="callback">The callback, byte for byte.</param>
    /// <param name="reason">Why, for the subscriber; null says nothing.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <returns>False if there was no such subscription; then nobody is told.</returns>
    Task<bool> RevokeAsync(string topic, string callback, string? reason = null, CancellationToken cancellationToken = default);
}
