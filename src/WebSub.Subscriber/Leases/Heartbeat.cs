using Microsoft.Extensions.Hosting;
using WebSub.Storage;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// Shows other processes on the same PostgreSQL database that this one is alive, and learns how many share the hubs' pace and which
/// callbacks have a path of their own.
/// </summary>
internal sealed class Heartbeat(
    SubscriberDatabase database,
    SubscriptionStore store,
    SubscriberNode node,
    HubPacer pacer,
    CallbackPrefixes prefixes,
    IHostApplicationLifetime lifetime,
    TimeProvider time
) : MaintenanceTask(Alive / 4)
{
    /// <summary>How long a process that says nothing still counts as alive.</summary>
    public static readonly TimeSpan Alive = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (node.AnswersHubs && database.Dialect == SqlDialect.PostgreSql && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            prefixes.AddOwn(await store.OwnPathsAsync(cancellationToken));
            pacer.Sharers = await store.BeatAsync(now, now + Alive, cancellationToken);
        }

        return false;
    }
}
