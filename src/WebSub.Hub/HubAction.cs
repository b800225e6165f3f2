namespace WebSub.Hub;

/// <summary>What an operator asked for, and what became of it: a line of the audit log.</summary>
public sealed record HubAction
{
    /// <summary>The action. Replays and redeliveries carry it as <c>WebSub-Delivery-Replay</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What was to be done.</summary>
    public HubActionKind Kind { get; init; }

    /// <summary>On what.</summary>
    public required string Target { get; init; }

    /// <summary>The reason that was given.</summary>
    public string? Reason { get; init; }

    /// <summary>The name of the key, or <c>local</c>.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>
    /// When it was carried out; null while it is not. A replay or redelivery is carried out once its deliveries are queued.
    /// </summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>How many subscriptions or dead letters it has concerned so far.</summary>
    public long Affected { get; init; }

    /// <summary>Replays and redeliveries of it that have not ended.</summary>
    public long Pending { get; init; }

    /// <summary>Why nothing was done, if nothing was.</summary>
    public string? Result { get; init; }
}
