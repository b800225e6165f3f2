namespace WebSub.Subscriber;

/// <summary>A stored notification, without its body.</summary>
public sealed record WebSubInboxItem
{
    /// <summary>Its number, increasing in order of arrival.</summary>
    public required long Id { get; init; }

    /// <summary>Its subscription.</summary>
    public required Guid SubscriptionId { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Its state.</summary>
    public required WebSubInboxState State { get; init; }

    /// <summary>The hub's delivery id; null from hubs that send none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Its content type, verbatim.</summary>
    public string? ContentType { get; init; }

    /// <summary>The length of its body, in bytes.</summary>
    public long Length { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How many times its handler was called.</summary>
    public int Attempts { get; init; }

    /// <summary>When its handler is called next; null if it is finished, or waits behind another one of its subscription.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it was handled or parked.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The message of the last exception from its handler.</summary>
    public string? LastError { get; init; }
}
