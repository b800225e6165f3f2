namespace WebSub.Hub;

/// <summary>An update that the hub has stored.</summary>
public sealed record WebSubHubUpdate
{
    /// <summary>The number of the event: higher than those of all earlier events of this process.</summary>
    public long Sequence { get; init; }

    /// <summary>The topic, byte for byte; of a message, its predicate in capitals.</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// The <c>WebSub-Delivery-Id</c> that deliveries of it carry; null for a message, which has one for each group of its subscribers.
    /// </summary>
    public string? DeliveryId { get; init; }

    /// <summary>The reference of a message; null for any other update.</summary>
    public string? Reference { get; init; }

    /// <summary>How it came.</summary>
    public required WebSubHubUpdateSource Source { get; init; }

    /// <summary>Its media type, as it was received; null if it came without.</summary>
    public string? ContentType { get; init; }

    /// <summary>Its size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When it was stored, by the hub's clock.</summary>
    public required DateTimeOffset At { get; init; }
}
