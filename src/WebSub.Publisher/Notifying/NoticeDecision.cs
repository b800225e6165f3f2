namespace WebSub.Publisher.Notifying;

/// <summary>What an attempt to tell a hub changes. Times are Unix microseconds.</summary>
internal sealed record NoticeDecision
{
    public required NoticeOutcome Outcome { get; init; }

    /// <summary>The newest update that the hub knows of, or will never know of.</summary>
    public required long Told { get; init; }

    /// <summary>When to tell it again; null waits for the next update.</summary>
    public long? Due { get; init; }

    /// <summary>The same, if an update came during the attempt.</summary>
    public long DueIfNewer { get; init; }

    public long Attempts { get; init; }

    public long? FailingSince { get; init; }

    /// <summary>Until when the hub asked not to be told of this topic again; 0 for no such word.</summary>
    public long HoldUntil { get; init; }

    /// <summary>How often in a row the hub was not there; 0 if it answered.</summary>
    public long HubFailures { get; init; }

    /// <summary>Until when the hub is left alone, for all topics; 0 if it need not be.</summary>
    public long HubNotBefore { get; init; }

    /// <summary>Until when the hub itself asked to be left alone; 0 for no such word.</summary>
    public long HubHoldUntil { get; init; }
}
