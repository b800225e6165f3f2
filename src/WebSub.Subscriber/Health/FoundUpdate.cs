using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Health;

/// <summary>An update that the hub did not deliver.</summary>
internal sealed record FoundUpdate
{
    public required Subscription Subscription { get; init; }

    public required WebSubNotificationSource Source { get; init; }

    public required string Topic { get; init; }

    public required byte[] Body { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public string? DeliveryId { get; init; }
}
