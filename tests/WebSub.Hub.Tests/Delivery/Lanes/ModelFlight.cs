using WebSub.Hub.Delivery.Sending;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>An attempt that waits for a place or is on its way.</summary>
/// <param name="Run">The run it belongs to; null for one of a subscription that is behind.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Subscription">Whom it goes to.</param>
internal sealed record ModelFlight(ModelRun? Run, Attempt Attempt, ModelSubscription Subscription)
{
    public bool IsSent { get; set; }
}
