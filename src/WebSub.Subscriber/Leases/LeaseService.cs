using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Scheduling;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>The clock of all subscriptions: sends what waits, renews early, repeats what failed, ends what nobody confirmed.</summary>
internal sealed class LeaseService(
    SubscriberDatabase database,
    SubscriptionStore store,
    SubscriptionService subscriptions,
    SubscriptionTransitions transitions,
    RequestSender sender,
    HubPacer pacer,
    LeaseSignal signal,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LeaseService> logger
) : DueWorkService<Subscription, Guid>(signal.Work, time, logger, MaxConcurrency)
{
    // A hub that hangs holds each request for 10 s. At the usual pace of 5 a second it shall not keep those to other hubs waiting.
    private const int MaxConcurrency = 64;

    private DateTimeOffset _nextBeat;

    // On SQLite this is the one process and hears every signal, but a machine that was suspended wakes with another time; on PostgreSQL
    // another process may have died with work to do.
    protected override TimeSpan LongestSleep => database.Dialect == SqlDialect.Sqlite ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(15);

    /// <summary>Requests go out once the server listens: a hub may verify at once.</summary>
    protected override async Task ReadyAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stopping);
    }

    protected override async Task<IReadOnlyList<Subscription>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    )
    {
        if (database.Dialect == SqlDialect.PostgreSql && _nextBeat <= now && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            pacer.Sharers = await store.BeatAsync(now, now + SubscriberLifetime.Alive, stopping);
            _nextBeat = now + (SubscriberLifetime.Alive / 3);
        }

        return await store.ClaimDueAsync(now, until, limit, stopping);
    }

    protected override Task KeepClaimsAsync(IReadOnlyCollection<Guid> ids, DateTimeOffset until, CancellationToken stopping) =>
        store.KeepClaimsAsync(ids, until, stopping);

    protected override Task ReleaseAsync(Guid id) => store.ReleaseAsync(id, CancellationToken.None);

    protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping) => store.NextDueAsync(stopping);

    protected override Guid IdOf(Subscription item) => item.Id;

    protected override async Task RunAsync(Subscription item, CancellationToken stopping)
    {
        try
        {
            while (await subscriptions.ChangeAsync(item.Id, s => transitions.TimePassed(s, Time.GetUtcNow()), stopping) is not null)
            {
                // One step at a time: an ended lease, then the new request it causes.
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
