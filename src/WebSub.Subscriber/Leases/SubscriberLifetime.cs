using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// What happens once: before anything else the database is prepared, then the declared subscriptions are made. At the end, if wanted, all are
/// unsubscribed while the server still answers the verifications.
/// </summary>
internal sealed class SubscriberLifetime(
    SubscriberDatabase database, IWebSubSubscriptions subscriptions, IOptions<WebSubSubscriberOptions> options, TimeProvider time, ILogger<SubscriberLifetime> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await database.EnsureReadyAsync(cancellationToken);
        foreach (var declared in options.Value.Subscriptions) await subscriptions.SubscribeAsync(declared.Target, declared.Handler, declared.Options, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.UnsubscribeOnShutdown) return;
        var deadline = time.GetUtcNow() + options.Value.ShutdownTimeout;
        foreach (var subscription in await OpenAsync(cancellationToken)) await subscriptions.UnsubscribeAsync(subscription.Id, cancellationToken);
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
