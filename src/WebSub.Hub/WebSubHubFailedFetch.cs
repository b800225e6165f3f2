namespace WebSub.Hub;

/// <summary>A topic that was pinged and could not be fetched.</summary>
public sealed record WebSubHubFailedFetch
{
    /// <summary>The number of the event: higher than those of all earlier events of this process.</summary>
    public long Sequence { get; init; }

    /// <summary>The topic, byte for byte.</summary>
    public required string Topic { get; init; }

    /// <summary>The reason, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>How often it has failed in a row.</summary>
    public required long Failures { get; init; }

    /// <summary>When it is tried again; null if the hub waits for the next ping.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When it failed, by the hub's clock.</summary>
    public required DateTimeOffset At { get; init; }
}
