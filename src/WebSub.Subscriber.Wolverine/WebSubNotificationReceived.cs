using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Wolverine;

/// <summary>A notification on the app's bus: one delivery of a hub, its signature checked.</summary>
public sealed class WebSubNotificationReceived
{
    /// <summary>The same each time this notification is put on the bus: a consumer that has seen it drops a repeat.</summary>
    public required string Id { get; init; }

    /// <summary>The subscription that it is for. Messages of one subscription have this as group id and partition key.</summary>
    public required Guid SubscriptionId { get; init; }

    /// <summary>The name of the handler that put it on the bus.</summary>
    public required string Handler { get; init; }

    /// <summary>The topic that was subscribed to.</summary>
    public required string Topic { get; init; }

    /// <summary>The hub's id of the delivery; null from hubs that send none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The <c>Content-Type</c> header, verbatim; null if there was none.</summary>
    public string? ContentType { get; init; }

    /// <summary>All request headers. The signature does not cover them.</summary>
    public required IReadOnlyDictionary<string, string[]> Headers { get; init; }

    /// <summary>The body, byte for byte; null if it is larger than what travels with messages.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What <see cref="IWebSubInbox.ReadBodyAsync"/> reads a body with that does not travel; null if it does.</summary>
    public long? BodyReference { get; init; }

    /// <summary>The length of the body in bytes.</summary>
    public required int Length { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The notification with all that handlers have: text, JSON, XML, feeds, links.</summary>
    /// <param name="body"><see cref="Body"/>, or what was read with <see cref="BodyReference"/>.</param>
    public WebSubNotification ToNotification(ReadOnlyMemory<byte> body) =>
        new()
        {
            Body = body,
            ContentType = ContentType,
            Headers = Headers.ToDictionary(h => h.Key, h => new StringValues(h.Value), StringComparer.OrdinalIgnoreCase),
            Subscription = new()
            {
                Id = SubscriptionId,
                Handler = Handler,
                Target = WebSubTarget.Topic(Topic, null),
                State = WebSubSubscriptionState.Active,
            },
            Topic = Topic,
            DeliveryId = DeliveryId,
            ReceivedAt = ReceivedAt,
        };
}
