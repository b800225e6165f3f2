namespace WebSub.Hub;

/// <summary>Up to 1,000 subscriptions of a topic that are delivered to together.</summary>
public sealed record HubLane
{
    /// <summary>The lane.</summary>
    public required string Id { get; init; }

    /// <summary>The topic's id.</summary>
    public required string TopicId { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Its number within the topic, from 1.</summary>
    public long Number { get; init; }

    /// <summary>How many subscriptions it has.</summary>
    public long Size { get; init; }

    /// <summary>How many of them go on by themselves, because they are behind or paused.</summary>
    public long Behind { get; init; }

    /// <summary>The last entry that all its other subscriptions have had.</summary>
    public long Cursor { get; init; }

    /// <summary>The topic's newest entry.</summary>
    public long Head { get; init; }

    /// <summary>When its cursor was last saved.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>The node that holds it; null if none does. On SQLite the one process holds them all.</summary>
    public string? Holder { get; init; }

    /// <summary>Until when, unless that node renews its claim.</summary>
    public DateTimeOffset? HeldUntil { get; init; }
}
