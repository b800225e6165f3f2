namespace WebSub.Hub;

/// <summary>A change to one of the hub's subscriptions.</summary>
public sealed record WebSubHubChange
{
    /// <summary>The number of the event: higher than those of all earlier events of this process.</summary>
    public long Sequence { get; init; }

    /// <summary>What happened.</summary>
    public required WebSubHubChangeKind Kind { get; init; }

    /// <summary>The topic, byte for byte; null if all predicates of the callback are concerned.</summary>
    public required string? Topic { get; init; }

    /// <summary>The callback, byte for byte.</summary>
    public required string Callback { get; init; }

    /// <summary>The reason, as a sentence; null if there is none.</summary>
    public string? Reason { get; init; }

    /// <summary>When it happened, by the hub's clock.</summary>
    public required DateTimeOffset At { get; init; }
}
