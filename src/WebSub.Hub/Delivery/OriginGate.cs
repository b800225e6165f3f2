namespace WebSub.Hub.Delivery;

/// <summary>The places of one origin and the attempts that wait for one. Touched under the lock of its <see cref="SendGate"/> only.</summary>
internal sealed class OriginGate(TimeProvider time)
{
    /// <summary>Whether it answers at all.</summary>
    public OriginCircuit Circuit { get; } = new(time);

    public int Young { get; set; }

    public int Slow { get; set; }

    /// <summary>When an attempt of this origin last ended.</summary>
    public long LastProgress { get; set; }

    public bool IsQueued { get; set; }

    public Queue<Attempt> Waiting { get; } = new();
}
