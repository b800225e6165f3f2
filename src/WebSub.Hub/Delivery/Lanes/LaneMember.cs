using WebSub.Hub.Delivery.Sending;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>A subscription of a running lane, as its <see cref="LaneState"/> knows it; its attempts carry it as their key.</summary>
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

    /// <summary>True while it is one of those the cursor waits for.</summary>
    public bool IsWaitedFor => State is LaneMemberState.Idle or LaneMemberState.Sending;

    /// <summary>True unless it has left the run, or is about to.</summary>
    public bool IsIn => State is LaneMemberState.Idle or LaneMemberState.Sending or LaneMemberState.Straggling;
}
