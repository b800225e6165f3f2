using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>The clock of all subscriptions: sends what waits, renews early, retries what failed, ends what was not confirmed.</summary>
internal sealed class LeaseService(
    SubscriberDatabase database,
    SubscriptionStore store,
    SubscriptionService subscriptions,
    SubscriptionTransitions transitions,
    RequestSender sender,
    SubscriberNode node,
    LeaseSignal signal,
    TimeProvider time,
    ILogger<LeaseService> logger
) : KeptClaimLoop<Subscription, Guid>(signal, time, logger, MaxConcurrency)
{
    // A hub that hangs holds each request for 10 s. At the usual pace of 5 a second it must not keep those to other hubs waiting.
    private const int MaxConcurrency = 64;

    // On SQLite this is the one process and hears every signal, but a machine that was suspended wakes with another time; on PostgreSQL
    // another process may have died with work to do.
    protected override TimeSpan LongestIdle => database.Dialect == SqlDialect.Sqlite ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyToAskAsync(cancellationToken);

    protected override Task<IReadOnlyList<Subscription>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    ) => store.ClaimDueAsync(now, until, limit, stopping);

    protected override Task KeepClaimsAsync(IReadOnlyCollection<Guid> ids, DateTimeOffset until, CancellationToken stopping) =>
        store.KeepClaimsAsync(ids, until, stopping);

    protected override Task ReleaseAsync(Guid id) => store.ReleaseAsync(id, CancellationToken.None);

    protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping) => store.NextDueAsync(stopping);

    protected override Guid IdOf(Subscription item) => item.Id;

    protected override async Task HandleAsync(Subscription item, CancellationToken stopping)
    {
        try
        {
            // One step at a time: an ended lease, then the new request it causes.
            while (await subscriptions.ChangeAsync(item.Id, s => transitions.TimePassed(s, Time.GetUtcNow()), stopping) is { } change)
            {
                if (change is { Kind: WebSubChangeKind.AttemptFailed or WebSubChangeKind.GaveUp, Reason: { } reason })
                    Log.NotVerified(Logger, item.Id, reason);
            }

            var current = await store.FindAsync(item.Id, stopping);
            if (current?.Pending is { IsInFlight: false } pending && pending.Due <= Time.GetUtcNow())
                await sender.SendAsync(current, pending, stopping);
        }
        finally
        {
            await store.ReleaseAsync(item.Id, CancellationToken.None);
        }
    }
}
