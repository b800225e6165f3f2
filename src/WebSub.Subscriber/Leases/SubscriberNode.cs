using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// This process, and the moment from which it may ask hubs. Before anything else the database is prepared, then the declared subscriptions
/// are reconciled. At the end, if wanted, all are unsubscribed while the server still answers the verifications; of several processes the
/// last one does it.
/// </summary>
internal sealed class SubscriberNode(
    SubscriberDatabase database,
    SubscriptionStore store,
    SubscriptionService subscriptions,
    DeclaredSubscriptions declared,
    CallbackPrefixes prefixes,
    HubPacer pacer,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<SubscriberNode> logger
) : IHostedLifecycleService
{
    /// <summary>How long a process that says nothing is taken for alive.</summary>
    public static readonly TimeSpan Alive = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the server listens: a hub may verify at once.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.EnsureReadyAsync(cancellationToken);
        var now = time.GetUtcNow();
        pacer.Sharers = await store.BeatAsync(now, now + Alive, cancellationToken);
        await declared.ReconcileAsync(cancellationToken);
        prefixes.AddOwn(await store.OwnPathsAsync(cancellationToken));
        prefixes.Old = await store.OldPrefixesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!prefixes.IsMapped)
            LeaseLog.NotMapped(logger);
        _ready.TrySetResult();
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
            if (await store.LeaveAsync(time.GetUtcNow(), cancellationToken) && options.Value.UnsubscribeOnShutdown)
                await EndAllAsync(cancellationToken);
        }
#pragma warning disable CA1031 // An app that stops does not fail because its database is away.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LeaseLog.ShutdownTrouble(logger, e);
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
            // The host's own time to stop is shorter than ours.
        }

        if (open.Count > 0)
            LeaseLog.NotEnded(logger, open.Count);
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
