using Microsoft.Extensions.Options;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Health;

/// <summary>Notices hubs that have delivered nothing for much longer than usual, and those that deliver again.</summary>
internal sealed class SilenceWatch(
    SubscriberNode node,
    HealthStore health,
    SubscriptionStore store,
    SilentHubs silent,
    SubscriberMetrics metrics,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time
) : MaintenanceTask(TimeSpan.FromMinutes(1))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var how = options.Value.Health;
        if (!node.AnswersHubs)
            return false;
        var now = time.GetUtcNow();
        // Without watching, what a poll has noticed ends all the same.
        var since = how.SilentAfter > TimeSpan.Zero ? now - how.SilentAfter : DateTimeOffset.UnixEpoch;
        foreach (var id in await health.QuietAsync(since, cancellationToken))
        {
            if (await store.FindAsync(id, cancellationToken) is { } one)
                await LookAsync(one, how, now, cancellationToken);
        }

        metrics.Hubs = await health.HubsAsync(cancellationToken);
        return false;
    }

    private async Task LookAsync(Subscription one, WebSubHealthOptions how, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (one.SilentSince is { } silentSince)
        {
            var isHeard = one.ReceivedAt >= silentSince;
            if (isHeard || one.State != WebSubSubscriptionState.Active)
                await silent.EndAsync(one, isHeard, cancellationToken);
        }
        else if (HubSilence.Reason(one.Received, one.ReceivedAt, one.UsualPause, how, now) is { } why)
        {
            await silent.NoticeAsync(one, why, isProven: false, cancellationToken);
        }
    }
}
