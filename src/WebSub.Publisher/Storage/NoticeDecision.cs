using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>What an attempt to notify a hub changes.</summary>
internal sealed record NoticeDecision
{
    public required NoticeOutcome Outcome { get; init; }

    /// <summary>The newest update that the hub knows of, or will never know of.</summary>
    public required long Told { get; init; }

    /// <summary>When to notify it again; null waits for the next update.</summary>
    public DatabaseTime? Due { get; init; }

    /// <summary>The same, if an update came during the attempt.</summary>
    public DatabaseTime DueIfNewer { get; init; }

    public long Attempts { get; init; }

    public DatabaseTime? FailingSince { get; init; }

    /// <summary>Until when the hub asked not to be notified of this topic again; the epoch if it did not ask.</summary>
    public DatabaseTime HoldUntil { get; init; }

    /// <summary>How many times in a row the hub did not answer; 0 if it answered.</summary>
    public long HubFailures { get; init; }

    /// <summary>Until when the hub is left alone, for all topics; the epoch if it is not.</summary>
    public DatabaseTime HubNotBefore { get; init; }

    /// <summary>Until when the hub itself asked to be left alone; the epoch if it did not ask.</summary>
    public DatabaseTime HubHoldUntil { get; init; }
}
