using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Replays;

/// <summary>
/// Sends what an operator wants to have sent again, entry by entry, through the same gate as everything else, with the schedule of all
/// deliveries. What its subscription gets anyway goes on beside it.
/// </summary>
internal sealed class ReplayService(
    HubNode node,
    IOptions<HubOptions> options,
    ReplayStore replays,
    SendGate gate,
    EntryCache entries,
    SecretBox secrets,
    INodeLife life,
    ReplaySignal signal,
    DeliveryReports reports,
    HubAddress address,
    Chance chance,
    HubClock time,
    ILogger<ReplayService> logger
) : HubLoop(node, signal, time, logger), IAttemptOwner
{
    private const int MaxInFlight = 64;
    private const string NotKept = "Pruned: the entry is not kept any more.";
    private const string NotWanted = "Not sent again: no topic that the callback is subscribed to covers it any more.";
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MayWait = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Attempt, Timestamp> _attempts = new();

    /// <inheritdoc/>
    public ActivityContext TraceContext => default;

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt)
    {
        var mayStart =
            attempt.Target.Row.LeaseEnd > DatabaseTime.Now(Time)
            && _attempts.TryGetValue(attempt, out var claimedAt)
            && Time.GetElapsedTime(claimedAt) <= MayWait
            && life.Covers(claimedAt);
        if (!mayStart)
            _attempts.TryRemove(attempt, out _);
        return mayStart;
    }

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt)
    {
        // It holds nothing up.
    }

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt)
    {
        var row = (ReplayRow)attempt.Key!;
        var wait = attempt.PutOff > TimeSpan.Zero ? attempt.PutOff : MayWait;
        _ = SettleAsync(attempt, now => replays.PutOffAsync(row, row.Attempts, now + wait, null, CancellationToken.None));
    }

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome)
    {
        var row = (ReplayRow)attempt.Key!;
        var history = new DeliveryHistory(row.Attempts, 0, NewerWaits: false);
        var decision = DeliveryTransitions.Decide(outcome, history, options.Value.Delivery.RetryDelays, chance.Next());
        _ = SettleAsync(
            attempt,
            now =>
                decision switch
                {
                    DeliveryDecision.Advance => replays.AdvanceAsync(row, now, CancellationToken.None),
                    DeliveryDecision.Retry retry => replays.PutOffAsync(
                        row,
                        retry.Attempts,
                        now + retry.After,
                        outcome.Failure,
                        CancellationToken.None
                    ),
                    DeliveryDecision.GiveUp giveUp => GiveUpAsync(row, giveUp.Attempts, outcome.Failure, now),
                    // The subscription itself ends when it next gets something by itself.
                    _ => replays.DropAsync(row, CancellationToken.None),
                }
        );
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!Node.IsSeen)
            return UntilSeen;
        var now = DatabaseTime.Now(Time);
        if (await replays.NextAsync(cancellationToken) is not { } due)
            return LongestSleep;
        if (due > now)
            return due - now < LongestSleep ? due - now : LongestSleep;
        var room = MaxInFlight - _attempts.Count;
        if (room <= 0)
            return TimeSpan.FromMilliseconds(100);
        var claimedAt = Timestamp.Now(Time);
        var until = now + BehindAttempts.ClaimFor(options.Value.Delivery.Timeout);
        foreach (var row in await replays.ClaimAsync(Node.Name, room, now, until, cancellationToken))
            await StartAsync(row, claimedAt, now, cancellationToken);
        return TimeSpan.Zero;
    }

    private async Task StartAsync(ReplayRow row, Timestamp claimedAt, DatabaseTime now, CancellationToken cancellationToken)
    {
        if (row.Subscription is not { } subscription || subscription.LeaseEnd <= now)
        {
            await replays.DropAsync(row, cancellationToken);
            return;
        }

        if (row.IsPaused)
        {
            await replays.PutOffAsync(row, row.Attempts, now + PauseCheck, null, cancellationToken);
            return;
        }

        DeliveryTarget target;
        using (var opener = secrets.Opener())
        {
            try
            {
                var headers = TopicHeaders.Of(subscription, address);
                target = DeliveryTarget.For(subscription, headers, opener, options.Value.Delivery.Signature).Replayed(row.ActionId);
            }
            catch (Exception e)
                when (e is InvalidOperationException or System.Security.Cryptography.CryptographicException or ArgumentException)
            {
                // One row that cannot be used must not cost the others anything.
                var failure = new FailedAttempt(null, $"Its row cannot be used: {e.Message}");
                await replays.PutOffAsync(row, row.Attempts, now + DeliveryTransitions.UnusablePause, failure, cancellationToken);
                return;
            }
        }

        var entry = await entries.LoadAsync(row.TopicId, row.Next, cancellationToken);
        if (entry is null || target.Of(entry, now) is not { } addressed)
        {
            await PassOverAsync(row, entry is null ? NotKept : NotWanted, now, cancellationToken);
            return;
        }

        var attempt = new Attempt(this, addressed, entry, row);
        _attempts[attempt] = claimedAt;
        gate.Enqueue(attempt);
    }

    /// <summary>Nothing can be sent: a replay goes on without it, a dead letter stays, and says why.</summary>
    private Task PassOverAsync(ReplayRow row, string why, DatabaseTime now, CancellationToken cancellationToken) =>
        row.DeadLetterId is null
            ? replays.SkipAsync(row, now, cancellationToken)
            : replays.GiveUpAsync(row, 0, new FailedAttempt(null, why), now, cancellationToken);

    private async Task GiveUpAsync(ReplayRow row, long attempts, FailedAttempt failure, DatabaseTime now)
    {
        if (await replays.GiveUpAsync(row, attempts, failure, now, CancellationToken.None) is { } letter)
            reports.GivenUp(row.Subscription!.TopicUrl, letter);
    }

    private async Task SettleAsync(Attempt attempt, Func<DatabaseTime, Task> save)
    {
        try
        {
            await save(DatabaseTime.Now(Time));
        }
#pragma warning disable CA1031 // Its due time stands: it will be sent again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.OutcomeNotSaved(logger, e, attempt.Target.Row.Callback);
        }

        _attempts.TryRemove(attempt, out _);
        signal.Raise();
    }
}
