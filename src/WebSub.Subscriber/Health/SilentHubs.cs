using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Health;

/// <summary>What is done about a hub that has fallen silent: it is told of, the hub is asked again, and at last it is left.</summary>
internal sealed class SilentHubs(
    HealthStore health,
    SubscriptionService subscriptions,
    CallbackUrls callbacks,
    ChangeFeed feed,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<SilentHubs> logger
)
{
    /// <summary>The hub of an active subscription is silent.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="why">How that was noticed.</param>
    /// <param name="isProven">True if it has missed an update; else the topic may have none.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task NoticeAsync(Subscription subscription, string why, bool isProven, CancellationToken cancellationToken)
    {
        if (subscription.Active is not { } active)
            return;
        var now = time.GetUtcNow();
        if (await health.SilentAsync(subscription.Id, why, now, cancellationToken))
        {
            Log.Silent(logger, subscription.Id, active.Hub, why);
            var view = callbacks.View(subscription) with { SilentSince = now, Silence = why };
            feed.Publish(WebSubChangeKind.HubSilent, view, why);
            await AskForOthersAsync(subscription, active.Hub, cancellationToken);
        }
        else if (isProven && options.Value.Health.ChangeHub && active.ConfirmedAt >= subscription.SilentSince)
        {
            Log.Leaving(logger, subscription.Id, active.Hub);
            await health.AvoidAsync(subscription.Id, active.Hub, cancellationToken);
        }
        else if (!isProven)
        {
            return;
        }

        if (!subscription.Options.IsKnownToHub)
            await subscriptions.RenewAsync(subscription.Id, cancellationToken);
    }

    // A hub that has lost its database has forgotten them all; most of them would be missed much later.
    private async Task AskForOthersAsync(Subscription subscription, string hub, CancellationToken cancellationToken)
    {
        var others = await health.UnheardBesideAsync(subscription.Id, hub, subscription.ReceivedAt, cancellationToken);
        if (others.Count == 0)
            return;
        Log.AsksForOthers(logger, hub, others.Count);
        foreach (var id in others)
        {
            try
            {
                await subscriptions.RenewAsync(id, cancellationToken);
            }
            catch (KeyNotFoundException)
            {
                // It was deleted meanwhile.
            }
        }
    }

    /// <summary>The hub has delivered, or the subscription has ended.</summary>
    public async Task EndAsync(Subscription subscription, bool isHeard, CancellationToken cancellationToken)
    {
        if (!await health.HeardAsync(subscription.Id, cancellationToken) || !isHeard || subscription.Active is not { } active)
            return;
        Log.Heard(logger, subscription.Id, active.Hub);
        feed.Publish(WebSubChangeKind.HubHeard, callbacks.View(subscription) with { SilentSince = null, Silence = null }, null);
    }
}
