using Microsoft.Extensions.Options;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// Removes subscriptions that have been over for long enough. One that is still declared stays: its row says that it was ended on purpose,
/// and without it the next start would ask for it again.
/// </summary>
internal sealed class EndedSweep(SubscriptionStore store, IOptions<WebSubSubscriberOptions> options, TimeProvider time)
    : MaintenanceTask(TimeSpan.FromHours(1))
{
    private const int Batch = 500;

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeepEndedDays == 0)
            return false;
        var now = time.GetUtcNow();
        var before = now - TimeSpan.FromDays(options.Value.KeepEndedDays);
        var declared = options.Value.Subscriptions.Select(d => (d.Handler, SubscriptionRow.TargetKeyOf(d.Target))).ToHashSet();
        var removed = 0;
        foreach (var one in await store.EndedAsync(before, Batch, cancellationToken))
        {
            if (
                !declared.Contains((one.Handler, SubscriptionRow.TargetKeyOf(one.Target)))
                && await store.DeleteAsync(one.Id, now, cancellationToken)
            )
                removed++;
        }

        await store.PruneDeletedAsync(before, cancellationToken);
        return removed > 0;
    }
}
