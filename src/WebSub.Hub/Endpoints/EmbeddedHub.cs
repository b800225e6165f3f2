using WebSub.Hub.Publishing;
using WebSub.Hub.Subscribing;

namespace WebSub.Hub.Endpoints;

/// <summary>The hub as the app that embeds it calls it: the same as its endpoint does, without HTTP.</summary>
internal sealed class EmbeddedHub(HubPublishing publishing, Revoking revoking) : IWebSubHub
{
    /// <inheritdoc/>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct = default) =>
        publishing.PushAsync(topic, content.ToArray(), contentType, ct);

    /// <inheritdoc/>
    public Task PingAsync(string topic, CancellationToken ct = default) => publishing.PingAsync([new PingedTopic(topic, [])], ct);

    /// <inheritdoc/>
    public Task<bool> RevokeAsync(string topic, string callback, string? reason = null, CancellationToken ct = default) =>
        revoking.RevokeAsync(topic, callback, reason, ct);
}
