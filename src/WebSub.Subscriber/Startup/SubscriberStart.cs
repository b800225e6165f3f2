using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Leases;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Tunnels;

namespace WebSub.Subscriber.Startup;

/// <summary>
/// Prepares the database and reconciles the declared subscriptions before the server listens, and lets the background loops begin once it
/// does. At the end, if wanted, all are unsubscribed while the server still answers the verifications; of several processes the last one
/// does it. A process that only runs handlers has no part in that.
/// </summary>
internal sealed class SubscriberStart(
    PublicUrlFinder publicUrl,
    SubscriberNode node,
    ProcessLife life,
    SubscriberDatabase database,
    SubscriptionStore store,
    SubscriptionService subscriptions,
    DeclaredSubscriptions declared,
    CallbackPrefixes prefixes,
    HubPacer pacer,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<SubscriberStart> logger
) : IHostedLifecycleService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await publicUrl.FindAsync(cancellationToken);
        await database.EnsureReadyAsync(cancellationToken);
        StorageWatch.Begin(logger, database.Database, database.Secrets.Files);
        await life.BeginAsync(cancellationToken);
        if (!node.AnswersHubs)
            return;
        var now = time.GetUtcNow();
        pacer.Sharers = await store.BeatAsync(now, now + Heartbeat.Alive, cancellationToken);
        await declared.ReconcileAsync(cancellationToken);
        prefixes.AddOwn(await store.OwnPathsAsync(cancellationToken));
        prefixes.Old = await store.OldPrefixesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (node.AnswersHubs && !prefixes.IsMapped)
            Log.NotMapped(logger);
        node.Ready();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (node.AnswersHubs && await store.LeaveAsync(time.GetUtcNow(), cancellationToken) && options.Value.UnsubscribeOnShutdown)
                await EndAllAsync(cancellationToken);
        }
#pragma warning disable CA1031 // A stopping app must not fail because its database is unavailable.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ShutdownTrouble(logger, e);
        }
    }

    private async Task EndAllAsync(CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + options.Value.ShutdownTimeout;
        var open = await OpenAsync(cancellationToken);
        try
        {
            foreach (var subscription in open)
                await subscriptions.EndAsync(subscription.Id, resumes: true, cancellationToken);
            while ((open = await OpenAsync(cancellationToken)).Count > 0 && time.GetUtcNow() < deadline)
                await Task.Delay(LookAgain, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host's own shutdown timeout is shorter than ours.
        }

        if (open.Count > 0)
            Log.NotEnded(logger, open.Count);
    }

    private async Task<List<WebSubSubscription>> OpenAsync(CancellationToken cancellationToken)
    {
        var open = new List<WebSubSubscription>();
        await foreach (var subscription in subscriptions.ListAsync(cancellationToken: cancellationToken))
        {
            if (
                subscription.State
                is not (WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed)
            )
                open.Add(subscription);
        }

        return open;
    }
}
