using System.Diagnostics;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// Who asked for an attempt: a lane's run, or the loop for those that are behind. Called by the gate, never under its lock.
/// </summary>
internal interface IAttemptOwner
{
    /// <summary>What the activities of its attempts belong to; the default for nothing.</summary>
    ActivityContext TraceContext { get; }

    /// <summary>The attempt has a place and would be sent now. False drops it: its time is over.</summary>
    bool MayStart(Attempt attempt);

    /// <summary>The attempt was sent <see cref="DeliveryOptions.Straggler"/> ago and is unanswered; it goes on.</summary>
    void OnStraggling(Attempt attempt);

    /// <summary>The attempt's origin is stuck; the attempt was not made and left the gate.</summary>
    void OnNoPlace(Attempt attempt);

    /// <summary>The attempt ended.</summary>
    void OnCompleted(Attempt attempt, DeliveryOutcome outcome);
}
