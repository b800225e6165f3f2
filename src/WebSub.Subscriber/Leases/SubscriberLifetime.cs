using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// What happens once: before anything else the database is prepared, then the declared subscriptions are reconciled. At the end, if wanted, all are
/// unsubscribed while the server still answers the verifications; of several processes the last one does it.
/// </summary>
internal sealed class SubscriberLifetime(
    SubscriberDatabase database, SubscriptionStore store, SubscriptionService subscriptions, DeclaredSubscriptions declared, CallbackPrefixes prefixes, IOptions<WebSubSubscriberOptions> options, TimeProvider time, ILogger<SubscriberLifetime> logger) : IHostedLifecycleService
{
    /// <summary>How long a process that says nothing is taken for alive.</summary>
    public static readonly TimeSpan Alive = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.EnsureReadyAsync(cancellationToken);
        await store.BeatAsync(time.GetUtcNow() + Alive, cancellationToken);
        await declared.ReconcileAsync(cancellationToken);
        prefixes.Old = await store.OldPrefixesAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!await store.LeaveAsync(time.GetUtcNow(), cancellationToken) || !options.Value.UnsubscribeOnShutdown) return;
        var deadline = time.GetUtcNow() + options.Value.ShutdownTimeout;
        foreach (var subscription in await OpenAsync(cancellationToken)) await subscriptions.EndAsync(subscription.Id, resumes: true, cancellationToken);
        while (await OpenAsync(cancellationToken) is { Count: > 0 } open)
        {
            if (time.GetUtcNow() >= deadline)
            {
                LeaseLog.NotEnded(logger, open.Count);
                return;
            }

            await Task.Delay(LookAgain, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<List<WebSubSubscription>> OpenAsync(CancellationToken cancellationToken)
    {
        var open = new List<WebSubSubscription>();
        await foreach (var subscription in subscriptions.ListAsync(cancellationToken: cancellationToken))
        {
            if (subscription.State is not (WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed)) open.Add(subscription);
        }

        return open;
    }
}
