using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>
/// Delivers to subscriptions that are behind their lane, one by one, entry by entry, each at its own pace (rules 20, 21).
/// </summary>
internal sealed class BehindService(
    HubNode node,
    IOptions<HubOptions> options,
    BehindStore behind,
    SendGate gate,
    EntryCache entries,
    SecretBox secrets,
    BehindSettlement settlement,
    DeliveryReports reports,
    INodeLife life,
    BehindSignal signal,
    HubAddress address,
    Chance chance,
    HubClock time,
    ILogger<BehindService> logger
) : HubLoop(node, signal, time, logger), IAttemptOwner
{
    private const int Batch = 256;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private readonly ConcurrentQueue<PutOff> _putOff = new();

    // As many as the gate has places for: whatever one origin does, the gate's limits decide.
    private readonly BehindAttempts _attempts = new(
        options.Value.Delivery.MaxSlow + options.Value.Delivery.MaxConcurrency,
        options.Value.Delivery.MaxSlowPerOrigin + options.Value.Delivery.MaxPerOrigin,
        time
    );

    /// <inheritdoc/>
    public ActivityContext TraceContext => default;

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt)
    {
        // What has ended while it waited for a place (rule 10) is removed by the sweep; what waited too long is taken again.
        var mayStart =
            attempt.Target.Row.LeaseEnd > DatabaseTime.Now(Time) && _attempts.ClaimOf(attempt) is { } claimedAt && life.Covers(claimedAt);
        if (!mayStart)
            _attempts.Remove(attempt);
        return mayStart;
    }

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt)
    {
        // It holds no other subscription up.
    }

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt)
    {
        _attempts.Remove(attempt);
        PutOff(attempt, attempt.PutOff);
    }

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome)
    {
        _attempts.Remove(attempt);
        settlement.Settle(attempt.Target.Row, attempt.Entry.Sequence, outcome);
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!Node.IsSeen)
            return UntilSeen;
        await SavePutOffAsync(cancellationToken);
        var now = DatabaseTime.Now(Time);
        if (await behind.NextAsync(now, cancellationToken) is not { } due)
            return LongestSleep;
        if (due > now)
            return Min(due - now, LongestSleep);

        await behind.SettleAsync(now, cancellationToken);
        var room = _attempts.Room;
        if (room <= 0)
            return TimeSpan.FromMilliseconds(100);
        var claimedAt = Timestamp.Now(Time);
        var until = now + BehindAttempts.ClaimFor(options.Value.Delivery.Timeout);
        foreach (var row in await behind.ClaimAsync(Node.Name, Math.Min(Batch, room), now, until, cancellationToken))
            await TryStartAsync(row, claimedAt, now, cancellationToken);
        return TimeSpan.Zero;
    }

    /// <summary>An origin that is down may have a great many subscriptions: those that are put off are saved together.</summary>
    private async Task SavePutOffAsync(CancellationToken cancellationToken)
    {
        var saving = new List<PutOff>();
        while (_putOff.TryDequeue(out var one))
            saving.Add(one);
        if (saving.Count == 0)
            return;
        try
        {
            await behind.PutOffAsync(saving, cancellationToken);
        }
        catch
        {
            saving.ForEach(_putOff.Enqueue);
            throw;
        }
    }

    private void PutOff(Attempt attempt, TimeSpan wait)
    {
        _putOff.Enqueue(BehindTransitions.PutOff(attempt.Target.Row, wait, DatabaseTime.Now(Time), chance.Next()));
        Signal.Raise();
    }

    private async Task TryStartAsync(SubscriptionRow row, Timestamp claimedAt, DatabaseTime now, CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(row, claimedAt, now, cancellationToken);
        }
        catch (Exception e)
            when (e is InvalidOperationException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            // One row that cannot be used must not cost the others of its batch anything.
            reports.Unusable(row, e);
            var later = now + DeliveryTransitions.UnusablePause;
            await settlement.SaveAsync(row, BehindSave.Unusable(row, later, e.Message), now, cancellationToken);
        }
    }

    private async Task StartAsync(SubscriptionRow row, Timestamp claimedAt, DatabaseTime now, CancellationToken cancellationToken)
    {
        var position = row.Position ?? row.Head;
        if (position >= row.Head)
        {
            await settlement.SaveAsync(row, BehindSave.CaughtUp(row), now, cancellationToken);
            return;
        }

        using var opener = secrets.Opener();
        row = row with { HeadAtClaim = row.Head };
        var target = DeliveryTarget.For(row, TopicHeaders.Of(row, address), opener, options.Value.Delivery.Signature);
        var ahead = target.Patterns is null ? [] : await PeekAsync(row, position, cancellationToken);
        var (next, newerWaits) = BehindTransitions.Next(target, position, ahead, now);
        if (!newerWaits && row.Head > next)
            target = DeliveryTarget.For(row with { Head = next }, target.Topic, opener, options.Value.Delivery.Signature);
        var entry = await entries.LoadAsync(row.TopicId, next, cancellationToken);
        if (entry is null || target.Of(entry, now) is not { } addressed)
        {
            var save = entry is null ? BehindSave.Pruned(row, next) : BehindSave.Skipped(row, next);
            await settlement.SaveAsync(row, save, now, cancellationToken);
            return;
        }

        var attempt = new Attempt(this, addressed, entry);
        if (_attempts.Add(attempt, claimedAt))
            gate.Enqueue(attempt);
        else
            PutOff(attempt, TimeSpan.Zero);
    }

    private Task<IReadOnlyList<LogEntry>> PeekAsync(SubscriptionRow row, long position, CancellationToken cancellationToken) =>
        entries.PeekAsync(row.TopicId, position, row.Head, BehindTransitions.LookAhead, cancellationToken);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
