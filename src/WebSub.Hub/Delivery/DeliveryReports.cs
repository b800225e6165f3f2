using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>The one place that says, in the log and to the host, what becomes of subscriptions whose deliveries fail.</summary>
internal sealed class DeliveryReports(HubEvents events, HubMetrics metrics, ILogger<DeliveryReports> logger)
{
    /// <summary>An update was given up; the subscription goes on.</summary>
    public void GivenUp(string topic, DeadLetter letter)
    {
        metrics.GivenUp();
        Log.UpdateGivenUp(logger, letter.Sequence, topic, letter.Callback, letter.Attempts, letter.Error);
        events.Tell(WebSubHubChangeKind.UpdateGivenUp, letter.TopicId, letter.Callback, letter.Error);
    }

    /// <summary>A subscription has left its lane.</summary>
    /// <param name="topic">The topic; null if it gets messages.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="reason">What went wrong, in words.</param>
    public void FellBehind(string? topic, string callback, string? reason)
    {
        if (events.IsHeard)
            events.Tell(WebSubHubChangeKind.FellBehind, topic, callback, reason);
    }

    /// <summary>A subscription that went by itself goes with its lane again.</summary>
    public void CaughtUp(SubscriptionRow row)
    {
        if (events.IsHeard)
            events.Tell(WebSubHubChangeKind.CaughtUp, row.Filtered ? null : row.TopicUrl, row.Callback);
    }

    /// <summary>A callback answered 410, which ends its subscription.</summary>
    public void Gone(SubscriptionRow row, string? reason) => events.Tell(WebSubHubChangeKind.Gone, row.TopicId, row.Callback, reason);

    /// <summary>A row cannot be used and is put off.</summary>
    public void Unusable(SubscriptionRow row, Exception reason) => Log.RowNotUsable(logger, reason, row.Callback);
}
