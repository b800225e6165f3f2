using System.Diagnostics;
using WebSub.Hub.Delivery.Sending;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// A subscription of a running lane. Touched under the lock of its <see cref="LaneRun"/> only; what its attempts tell, it passes on.
/// </summary>
internal sealed class LaneMember(LaneRun run, DeliveryTarget target, long position) : IAttemptOwner
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

    /// <inheritdoc/>
    public ActivityContext TraceContext => run.TraceContext;

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt) => run.MayStart(this, attempt);

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt) => run.OnStraggling(this, attempt);

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt) => run.OnNoPlace(this, attempt);

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome) => run.OnCompleted(this, attempt, outcome);
}
