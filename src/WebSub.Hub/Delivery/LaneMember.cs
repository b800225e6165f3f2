namespace WebSub.Hub.Delivery;

/// <summary>A subscription of a running lane. Touched under the lock of its <see cref="LaneRun"/> only.</summary>
internal sealed class LaneMember(DeliveryTarget target, long position)
{
    public DeliveryTarget Target { get; set; } = target;

    /// <summary>The last entry it has had.</summary>
    public long Position { get; set; } = position;

    public LaneMemberState State { get; set; } = LaneMemberState.Idle;

    /// <summary>The attempt that counts; an older one that ends late does not.</summary>
    public Attempt? Attempt { get; set; }

    /// <summary>How its attempt ended while the departure was being saved.</summary>
    public DeliveryOutcome? Late { get; set; }
}
