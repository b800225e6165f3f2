namespace WebSub.Hub;

/// <summary>An origin of callbacks, as this node sees it.</summary>
public sealed record HubOrigin
{
    /// <summary>As in <c>https://subscriber.example</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>True while an operator has paused it.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Deliveries that wait for a place.</summary>
    public int Waiting { get; init; }

    /// <summary>Deliveries in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>Attempts of this node within the last hour that it accepted.</summary>
    public long Delivered { get; init; }

    /// <summary>Attempts of this node within the last hour that failed.</summary>
    public long Failed { get; init; }

    /// <summary>True while its circuit is open: it has answered nothing for half a minute, and only single deliveries try it.</summary>
    public bool IsSilent { get; init; }

    /// <summary>How many seconds it is until the next of them; 0 if the circuit is closed.</summary>
    public double SecondsUntilProbe { get; init; }
}
