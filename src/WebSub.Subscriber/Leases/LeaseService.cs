using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Scheduling;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

/// <summary>The clock of all subscriptions: sends what waits, renews early, repeats what failed, ends what nobody confirmed.</summary>
internal sealed class LeaseService(
    SubscriberDatabase database, SubscriptionStore store, SubscriptionService subscriptions, SubscriptionTransitions transitions, RequestSender sender,
    LeaseSignal signal, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LeaseService> logger)
    : DueWorkService<Subscription, Guid>(signal.Work, time, logger, maxConcurrency: 16)
{
    private DateTimeOffset _nextBeat;

    // SQLite has one process, which hears every signal; on PostgreSQL another process may have died with work to do.
    protected override TimeSpan LongestSleep => database.Dialect == SqlDialect.Sqlite ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(15);

    /// <summary>Requests go out once the server listens: a hub may verify at once.</summary>
    protected override async Task ReadyAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stopping);
    }

    protected override async Task<IReadOnlyList<Subscription>> ClaimAsync(DateTimeOffset now, DateTimeOffset until, int limit, CancellationToken stopping)
    {
        if (database.Dialect == SqlDialect.PostgreSql && _nextBeat <= now && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await store.BeatAsync(now + SubscriberLifetime.Alive, stopping);
            _nextBeat = now + (SubscriberLifetime.Alive / 3);
        }

        return await store.ClaimDueAsync(now, until, limit, stopping);
    }

    protected override Task KeepClaimsAsync(IReadOnlyCollection<Guid> ids, DateTimeOffset until, CancellationToken stopping) => store.KeepClaimsAsync(ids, until, stopping);

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
            if (current?.Pending is { IsInFlight: false } pending && pending.Due <= Time.GetUtcNow()) await sender.SendAsync(current, pending, stopping);
        }
        finally
        {
            await store.ReleaseAsync(item.Id, CancellationToken.None);
        }
    }
}
