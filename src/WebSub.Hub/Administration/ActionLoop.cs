using WebSub.Hub.Delivery.Replays;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>Carries out what operators have asked for, the oldest first, and wakes whoever has something to do because of it.</summary>
internal sealed class ActionLoop(
    HubNode node,
    ActionStore actions,
    ActionSignal signal,
    LaneMembership membership,
    BehindSignal behind,
    ReplaySignal replays,
    IntentSignal intent,
    HubEvents events,
    HubClock time,
    ILogger<ActionLoop> logger
) : HubLoop(node, signal, time, logger)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UntilOthersAreDone = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await actions.NextAsync(cancellationToken) is not { } action)
            return LongestSleep;
        using var activity = WebSubHubTelemetry.Start(WebSubHubTelemetry.Action)?.SetTag("websub.action", action.Kind);
        if (await actions.CarryOutAsync(action.Id, DatabaseTime.Now(Time), cancellationToken) is not { } step)
            return UntilOthersAreDone;

        foreach (var topic in step.Topics)
            membership.Changed(topic);
        behind.Raise();
        replays.Raise();
        if (step.Ended is var (topicUrl, callback))
        {
            intent.Raise();
            var kind = action.ParsedKind == HubActionKind.DeleteSubscription ? WebSubHubChangeKind.Deleted : WebSubHubChangeKind.Revoked;
            events.Tell(kind, topicUrl, callback, action.Reason);
        }

        if (step.Progress is null)
            events.TellAction(action.Id);

        return TimeSpan.Zero;
    }
}
