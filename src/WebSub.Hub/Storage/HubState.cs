namespace WebSub.Hub.Storage;

/// <summary>What the tables say about the hub as a whole, whichever node does the work.</summary>
internal sealed record HubState
{
    public static HubState Unknown { get; } = new();

    public long Topics { get; init; }

    public long Subscriptions { get; init; }

    /// <summary>Subscriptions that go on by themselves until they have caught up.</summary>
    public long Behind { get; init; }

    /// <summary>Entries that lanes with work and subscriptions behind have yet to get, in all.</summary>
    public long LagSum { get; init; }

    /// <summary>The most entries that one of them has yet to get.</summary>
    public long LagMax { get; init; }

    /// <summary>Subscribe and unsubscribe requests that have not been decided.</summary>
    public long RequestsWaiting { get; init; }

    /// <summary>Updates given up that are still kept.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Lanes whose cursor is below their topic's head: members of theirs have yet to get something.</summary>
    public long LanesWithWork { get; init; }

    /// <summary>How far past its time the oldest work is that is due and that nobody does.</summary>
    public TimeSpan OldestDue { get; init; }
}
