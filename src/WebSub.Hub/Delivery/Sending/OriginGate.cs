using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// The places of one origin and the attempts that wait for one. Touched under the lock of its <see cref="SendGate"/> only.
/// </summary>
internal sealed class OriginGate(TimeProvider time)
{
    /// <summary>Whether it answers at all.</summary>
    public OriginCircuit Circuit { get; } = new(time);

    public int Young { get; set; }

    public int Slow { get; set; }

    /// <summary>The bytes of contents in memory that count on it.</summary>
    public long Bytes { get; set; }

    /// <summary>When it last answered an attempt; before the first one, when it was first asked for a place.</summary>
    public Timestamp AnsweredAt { get; set; } = Timestamp.Now(time);

    /// <summary>True while it has its turn ahead of it.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The round of doubt in which it was tried last.</summary>
    public int TriedIn { get; set; }

    public Queue<Attempt> Waiting { get; } = new();
}
