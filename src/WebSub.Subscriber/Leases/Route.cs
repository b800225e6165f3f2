namespace WebSub.Subscriber.Leases;

/// <summary>Where a request goes.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Hubs">The hubs to ask, in order; none if there is nowhere to go.</param>
internal sealed record Route(string Topic, IReadOnlyList<string> Hubs)
{
    /// <summary>True if it has just been discovered.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Why there is no hub.</summary>
    public string Fault { get; init; } = "";

    /// <summary>How long the resource asks to wait before it is looked at again; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>There is nowhere to go.</summary>
    public static Route Nowhere(string fault, TimeSpan? retryAfter = null) => new("", []) { Fault = fault, RetryAfter = retryAfter };
}
