using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Removes subscriptions to topics and predicates whose lease has ended (H21). Deliveries check the lease themselves.
/// </summary>
internal sealed class ExpirySweep(
    SubscriptionStore subscriptions,
    PatternStore patterns,
    HubEvents events,
    HubClock time,
    ILogger<ExpirySweep> logger
) : MaintenanceTask(TimeSpan.FromSeconds(30))
{
    private const int Step = 500;

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(time);
        var ended = await subscriptions.SweepExpiredAsync(now, Step, cancellationToken);
        Report([.. ended], e => events.Tell(WebSubHubChangeKind.Expired, e.TopicId, e.Callback));
        var endedPatterns = await patterns.SweepExpiredAsync(now, Step, cancellationToken);
        Report([.. endedPatterns], e => events.Tell(WebSubHubChangeKind.Expired, e.Topic, e.Callback));
        return ended.Count == Step || endedPatterns.Count == Step;
    }

    private void Report<T>(List<T> ended, Action<T> tell)
    {
        if (ended.Count > 0)
            Log.Expired(logger, ended.Count);
        ended.ForEach(tell);
    }
}
