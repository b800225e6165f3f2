namespace WebSub.Hub.Delivery;

/// <summary>One POST of one entry to one subscription, from its place in the queue to its end.</summary>
internal sealed class Attempt(IAttemptOwner owner, DeliveryTarget target, LogEntry entry)
{
    public IAttemptOwner Owner { get; } = owner;

    public DeliveryTarget Target { get; } = target;

    public LogEntry Entry { get; } = entry;

    /// <summary>When it was sent (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long StartedAt { get; set; }

    /// <summary>The same attempt, to be made once more by itself: this one told nothing.</summary>
    public Attempt Again()
    {
        (Origin, Cancellation, IsSlow, IsStraggling, IsTimedOut, Node) = (null, null, false, false, false, null);
        return this;
    }

    // The rest belongs to the gate and is touched under its lock only.
    internal OriginGate? Origin { get; set; }

    internal CancellationTokenSource? Cancellation { get; set; }

    internal bool IsSlow { get; set; }

    internal bool IsStraggling { get; set; }

    internal bool IsTimedOut { get; set; }

    internal LinkedListNode<Attempt>? Node { get; set; }
}
