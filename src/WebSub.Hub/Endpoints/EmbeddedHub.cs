using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;

namespace WebSub.Hub.Endpoints;

/// <summary>The hub for the app that embeds it: does what the endpoint does, without HTTP.</summary>
internal sealed class EmbeddedHub(HubPublishing publishing, Revoking revoking) : IWebSubHub
{
    /// <inheritdoc/>
    public Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> content,
        string contentType,
        CancellationToken cancellationToken = default
    ) => publishing.PushAsync(topic, content.ToArray(), contentType, cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(string topic, CancellationToken cancellationToken = default) =>
        publishing.PingAsync([new PingedTopic(topic, [])], cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeAsync(string topic, string callback, string? reason = null, CancellationToken cancellationToken = default) =>
        revoking.RevokeAsync(topic, callback, reason, cancellationToken);
}
