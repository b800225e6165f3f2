namespace WebSub.Hub.Storage;

/// <summary>What is known of a subscription's deliveries besides what its operator sees in lists.</summary>
internal sealed record ExplainedProgress
{
    /// <summary>When the cursor of its lane was last saved; null before the first time.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>The lane that it is a member of; null once it has ended.</summary>
    public ExplainedLane? Lane { get; init; }

    /// <summary>True while an attempt is made for it alone.</summary>
    public bool IsInFlight { get; init; }

    /// <summary>Its callback asked not to be tried before this.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>True if it skips to the newest update.</summary>
    public bool WantsLatest { get; init; }

    /// <summary>Updates after this one may go out as differences to the one before; null if none does.</summary>
    public long? TakesDiffsAfter { get; init; }
}
