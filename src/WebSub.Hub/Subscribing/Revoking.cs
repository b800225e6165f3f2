using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Ends a subscription on the hub's side: its lane's run stops sending to it, and a denial is sent to the callback (§5.2).
/// </summary>
internal sealed class Revoking(
    SubscriptionStore subscriptions,
    LaneMembership membership,
    IntentSignal intent,
    HubEvents events,
    HubClock time
)
{
    /// <summary>False if there was no such subscription.</summary>
    public async Task<bool> RevokeAsync(string topic, string callback, string? reason, CancellationToken cancellationToken)
    {
        if (await subscriptions.RevokeAsync(topic, callback, reason, DatabaseTime.Now(time), cancellationToken) is not { } topicId)
            return false;
        membership.Changed(topicId);
        intent.Raise();
        events.Tell(WebSubHubChangeKind.Revoked, topic, callback, reason);
        return true;
    }
}
