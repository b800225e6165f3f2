namespace WebSub.Hub;

/// <summary>One thing that happened to one subscription of the hub.</summary>
public sealed record WebSubHubChange
{
    /// <summary>What happened.</summary>
    public required WebSubHubChangeKind Kind { get; init; }

    /// <summary>The topic, byte for byte; null for all predicates of the callback.</summary>
    public required string? Topic { get; init; }

    /// <summary>The callback, byte for byte.</summary>
    public required string Callback { get; init; }

    /// <summary>Why, in a sentence; null if there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>When, by the hub's clock.</summary>
    public required DateTimeOffset At { get; init; }
}
