using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Work;

namespace WebSub.Subscriber.Inbox;

/// <summary>
/// Passes stored notifications to their handlers: those of one subscription one at a time and in order, of all subscriptions up to a limit.
/// What throws is retried later, and parked when it keeps failing. What a killed process left undone is picked up by the others
/// within a second; on SQLite, at the next start.
/// </summary>
/// <remarks>
/// A subscription has its turn for 50 ms: what its handler gets done in that time is saved together, so that a backlog of what is quickly
/// handled costs few transactions. A killed process repeats at most that.
/// </remarks>
internal sealed class InboxDispatcher(
    SubscriberDatabase database,
    InboxStore inbox,
    SubscriptionStore subscriptions,
    SubscriptionService service,
    InboxAttempts attempts,
    CallbackUrls callbacks,
    ChangeFeed feed,
    SubscriberNode node,
    InboxSignal signal,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    Chance chance,
    ILogger<InboxDispatcher> logger
) : KeptClaimLoop<InboxRow, long>(signal, time, logger, options.Value.Inbox.MaxConcurrency)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    /// <summary>The most notifications, and bytes of theirs, that are read ahead in a turn.</summary>
    private const int MaxAhead = 256;
    private const int MaxBytesAhead = 1024 * 1024;

    private readonly WebSubInboxOptions _options = options.Value.Inbox;

    protected override TimeSpan LongestIdle => database.Dialect == SqlDialect.Sqlite ? TimeSpan.FromHours(1) : TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyToHandleAsync(cancellationToken);

    protected override Task<IReadOnlyList<InboxRow>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    ) => inbox.ClaimDueAsync(now, until, limit, stopping);

    protected override Task KeepClaimsAsync(IReadOnlyCollection<long> ids, DateTimeOffset until, CancellationToken stopping) =>
        inbox.KeepClaimsAsync(ids, until, stopping);

    protected override Task ReleaseAsync(long id) => inbox.ReleaseAsync(id, CancellationToken.None);

    protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping) => inbox.NextDueAsync(stopping);

    protected override long IdOf(InboxRow item) => item.Id;

    protected override async Task HandleAsync(InboxRow item, CancellationToken stopping)
    {
        var subscription =
            await subscriptions.FindAsync(Guid.Parse(item.SubscriptionId), stopping)
            ?? throw new InvalidOperationException("A notification belongs to a subscription, but there is none.");
        var start = Time.GetTimestamp();
        var outcome = await attempts.RunAsync(item, subscription, stopping);
        if (outcome.IsHandled)
            await GoOnAsync(item, subscription, start, stopping);
        else
            await SettleAsync(item, subscription, outcome, stopping);
    }

    /// <summary>Saves that a notification was handled, and with it those after it that were handled in the same turn.</summary>
    private async Task GoOnAsync(InboxRow first, Subscription subscription, long start, CancellationToken stopping)
    {
        var handled = new List<long>();
        foreach (var next in await AheadAsync(first, Time.GetElapsedTime(start)))
        {
            var left = Turn - Time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || stopping.IsCancellationRequested)
                break;
            var running = attempts.RunAsync(next, subscription, stopping);
            await ((Task)running).WaitAsync(left, Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (running.IsCompletedSuccessfully && (await running).IsHandled)
            {
                handled.Add(next.Id);
                continue;
            }

            // It takes long, or failed: what was handled before must not wait for it. From here on, it is what is claimed.
            bool isOurs;
            AttemptOutcome outcome;
            try
            {
                isOurs = await SaveAsync(first, handled, next.Id);
                GoOn(first.Id, next.Id);
            }
            finally
            {
                // Even if nothing could be saved: nobody else may begin while it runs.
                outcome = await running;
            }

            if (isOurs)
                await SettleAsync(next, subscription, outcome, stopping);
            return;
        }

        await SaveAsync(first, handled, next: null);
    }

    // Outcomes are saved even while the app stops; otherwise the work would be done again.
    private Task<bool> SaveAsync(InboxRow first, List<long> others, long? next) =>
        inbox.HandledAsync(first, others, next, Time.GetUtcNow(), Time.GetUtcNow() + ClaimLength, CancellationToken.None);

    /// <summary>What follows, as much as there may be time for.</summary>
    private async Task<IReadOnlyList<InboxRow>> AheadAsync(InboxRow first, TimeSpan taken)
    {
        var limit = taken < Turn / 10 ? MaxAhead : (int)((Turn - taken) / taken);
        return limit > 0 ? await inbox.ReadAheadAsync(first, limit, MaxBytesAhead, CancellationToken.None) : [];
    }

    private async Task SettleAsync(InboxRow item, Subscription subscription, AttemptOutcome outcome, CancellationToken stopping)
    {
        var attempt = item.Attempts + 1;
        if (outcome.Fault is not { } fault)
        {
            if (outcome.Reply == WebSubReply.Gone)
                await service.GoneAsync(subscription);
            await SaveAsync(item, [], next: null);
        }
        else if (fault is OperationCanceledException && stopping.IsCancellationRequested)
        {
            await inbox.PostponeAsync(item, item.Attempts, item.LastError, Time.GetUtcNow(), CancellationToken.None);
        }
        else if (attempt >= _options.MaxAttempts)
        {
            Log.Parked(logger, item.Id, subscription.Handler, attempt, fault);
            await inbox.ParkAsync(item, attempt, fault.Message, Time.GetUtcNow(), CancellationToken.None);
            feed.Publish(WebSubChangeKind.NotificationParked, callbacks.View(subscription), fault.Message);
        }
        else
        {
            var due = Time.GetUtcNow() + BackOff.After(_options.Delays, (int)attempt, chance.Next());
            Log.HandlerFailed(logger, item.Id, subscription.Handler, attempt, due, fault);
            await inbox.PostponeAsync(item, attempt, fault.Message, due, CancellationToken.None);
        }
    }
}
