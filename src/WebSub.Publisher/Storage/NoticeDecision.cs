using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>What an attempt to tell a hub changes.</summary>
internal sealed record NoticeDecision
{
    public required NoticeOutcome Outcome { get; init; }

    /// <summary>The newest update that the hub knows of, or will never know of.</summary>
    public required long Told { get; init; }

    /// <summary>When to tell it again; null waits for the next update.</summary>
    public DatabaseTime? Due { get; init; }

    /// <summary>The same, if an update came during the attempt.</summary>
    public DatabaseTime DueIfNewer { get; init; }

    public long Attempts { get; init; }

    public DatabaseTime? FailingSince { get; init; }

    /// <summary>Until when the hub asked not to be told of this topic again; the epoch for no such word.</summary>
    public DatabaseTime HoldUntil { get; init; }

    /// <summary>How often in a row the hub was not there; 0 if it answered.</summary>
    public long HubFailures { get; init; }

    /// <summary>Until when the hub is left alone, for all topics; the epoch if it need not be.</summary>
    public DatabaseTime HubNotBefore { get; init; }

    /// <summary>Until when the hub itself asked to be left alone; the epoch for no such word.</summary>
    public DatabaseTime HubHoldUntil { get; init; }
}
