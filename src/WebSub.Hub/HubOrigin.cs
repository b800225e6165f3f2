namespace WebSub.Hub;

/// <summary>An origin of callbacks: how it did with all nodes, and what it is to the one that answers.</summary>
public sealed record HubOrigin
{
    /// <summary>As in <c>https://subscriber.example</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>True while an operator has paused it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Deliveries of the node that answers that wait for a place.</summary>
    public int Waiting { get; init; }

    /// <summary>Deliveries of the node that answers in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Attempts of all nodes within the last hour that it accepted. The others add theirs once a minute.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts of all nodes within the last hour that failed.</summary>
    public long Failed { get; init; }

    /// <summary>
    /// True while its circuit is open at the node that answers: it has answered nothing for half a minute, and only single deliveries try
    /// it.
    /// </summary>
    public bool IsSilent { get; init; }

    /// <summary>How many seconds it is until the next of them; 0 if the circuit is closed.</summary>
    public double SecondsUntilProbe { get; init; }
}
