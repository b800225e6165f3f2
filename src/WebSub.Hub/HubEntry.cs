namespace WebSub.Hub;

/// <summary>An entry of a topic's log, as its operator sees it.</summary>
public sealed record HubEntry
{
    /// <summary>Its number in the topic's log, from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>What its deliveries carry as <c>WebSub-Delivery-Id</c>.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>When it was stored.</summary>
    public DateTimeOffset PublishedAt { get; init; }

    /// <summary>How it came: <c>push</c> with its content, or <c>ping</c>, fetched by the hub.</summary>
    public required string Source { get; init; }

    /// <summary>Its content type, as the publisher sent it; null if it sent none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The length of its content, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>
    /// The beginning of its content as text, at most 4,096 bytes of it, with U+FFFD for what could deceive its reader: control characters
    /// and those that change the direction of text. Null in a list, and if it is no text.
    /// </summary>
    public string? Preview { get; init; }
}
