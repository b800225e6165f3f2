using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Removes subscriptions whose lease has ended (H21), in small steps that hold nothing up. Deliveries check the lease by themselves.
/// </summary>
internal sealed class ExpirySweep(
    HubNode node,
    SubscriptionStore subscriptions,
    HubEvents events,
    HubClock time,
    ILogger<ExpirySweep> logger
) : HubLoop(node, new Wakeup(), time, logger)
{
    private const int Step = 500;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var gone = await subscriptions.SweepExpiredAsync(DatabaseTime.Now(Time), Step, cancellationToken);
        if (gone.Count > 0)
            Log.Expired(Logger, gone.Count);
        foreach (var expired in gone)
            events.Tell(WebSubHubChangeKind.Expired, expired.TopicId.Value, expired.Callback);
        return gone.Count == Step ? TimeSpan.Zero : Every;
    }
}
