using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>One POST of one entry to one subscription, from its place in the queue to its end.</summary>
/// <param name="owner">Who asked for it.</param>
/// <param name="target">The subscription.</param>
/// <param name="entry">What it gets.</param>
/// <param name="key">What its owner knows it by, if that needs something.</param>
internal sealed class Attempt(IAttemptOwner owner, DeliveryTarget target, LogEntry entry, object? key = null)
{
    public IAttemptOwner Owner { get; } = owner;

    public DeliveryTarget Target { get; } = target;

    public LogEntry Entry { get; } = entry;

    /// <summary>What its owner knows it by; the gate only carries it.</summary>
    public object? Key { get; } = key;

    /// <summary>When it was sent (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public Timestamp StartedAt { get; set; }

    /// <summary>True once it has been sent.</summary>
    public bool IsSent => StartedAt != default;

    /// <summary>How long its origin wants to be left alone, if it was refused a place because of it; zero if that is not known.</summary>
    public TimeSpan PutOff { get; set; }

    // The rest belongs to the gate and is touched under its lock only.
    internal OriginGate? Origin { get; set; }

    internal CancellationTokenSource? Cancellation { get; set; }

    /// <summary>True if it shows whether an origin is back that was silent.</summary>
    internal bool IsProbe { get; set; }

    internal bool IsSlow { get; set; }

    internal bool IsStraggling { get; set; }

    internal bool IsTimedOut { get; set; }

    internal LinkedListNode<Attempt>? Node { get; set; }
}
