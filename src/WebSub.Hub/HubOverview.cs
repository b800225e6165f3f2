namespace WebSub.Hub;

/// <summary>How the hub is doing at one moment, and what is wrong.</summary>
public sealed record HubOverview
{
    /// <summary>The moment.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Topics known.</summary>
    public long Topics { get; init; }

    /// <summary>Subscriptions.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Subscriptions that failed or were slow and catch up by themselves.</summary>
    public long Behind { get; init; }

    /// <summary>Entries that lanes with work and subscriptions behind have yet to get, in all.</summary>
    public long Lag { get; init; }

    /// <summary>The most entries that one of them has yet to get.</summary>
    public long LagMax { get; init; }

    /// <summary>Requests to subscribe and unsubscribe that have not been decided.</summary>
    public long RequestsWaiting { get; init; }

    /// <summary>Updates given up and still kept.</summary>
    public long DeadLetters { get; init; }

    /// <summary>Lanes with something to deliver.</summary>
    public long LanesWaiting { get; init; }

    /// <summary>How far past its time the oldest work is that nobody does, in seconds; 0 if none is late.</summary>
    public double OldestDueSeconds { get; init; }

    /// <summary>Attempts of the node that answers that wait for a place.</summary>
    public long AttemptsWaiting { get; init; }

    /// <summary>Attempts of the node that answers in flight.</summary>
    public long AttemptsInFlight { get; init; }

    /// <summary>What is wrong, the worst first; empty if nothing is.</summary>
    public required IReadOnlyList<HubTrouble> Troubles { get; init; }

    /// <summary>
    /// What all nodes have sent in the last hour, minute by minute, the newest last. Of the minute under way it is what the node that
    /// answers has sent; the others add theirs within five seconds of its end.
    /// </summary>
    public required IReadOnlyList<HubMinute> LastHour { get; init; }
}
