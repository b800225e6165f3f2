using Microsoft.Extensions.Hosting;
using WebSub.Storage;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Leases;

/// <summary>Shows the other processes on one PostgreSQL database that this one is alive, and learns from them how many share the hubs' pace, and which
/// callbacks have a path of their own.</summary>
internal sealed class Heartbeat(
    SubscriberDatabase database,
    SubscriptionStore store,
    HubPacer pacer,
    CallbackPrefixes prefixes,
    IHostApplicationLifetime lifetime,
    TimeProvider time
) : MaintenanceTask(SubscriberNode.Alive / 4)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (database.Dialect == SqlDialect.PostgreSql && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            prefixes.AddOwn(await store.OwnPathsAsync(cancellationToken));
            pacer.Sharers = await store.BeatAsync(now, now + SubscriberNode.Alive, cancellationToken);
        }

        return false;
    }
}
