namespace WebSub.Subscriber;

/// <summary>What the active subscriptions at a hub show of it, as it was when it was read.</summary>
public sealed record WebSubHubHealth
{
    /// <summary>The hub's URL.</summary>
    public required string Hub { get; init; }

    /// <summary>Whether it delivers.</summary>
    public required WebSubHubState State { get; init; }

    /// <summary>How many active subscriptions there are at it.</summary>
    public required long Subscriptions { get; init; }

    /// <summary>For how many of them it counts as silent (<see cref="WebSubSubscription.SilentSince"/>).</summary>
    public long Silent { get; init; }

    /// <summary>Since when it has counted as silent for the first of them; null if it does for none.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>How many deliveries of these subscriptions were accepted.</summary>
    public long Received { get; init; }

    /// <summary>When the last of them arrived; null if there was none.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>
    /// The usual pause between two deliveries of the hub, whichever the subscription: what follows from
    /// <see cref="WebSubSubscription.UsualPause"/> of each. Null while none is known.
    /// </summary>
    public TimeSpan? UsualPause { get; init; }

    /// <summary>How many updates were found in another way because the hub did not deliver them.</summary>
    public long Missed { get; init; }
}
