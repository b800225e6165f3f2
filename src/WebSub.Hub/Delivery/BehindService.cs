using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>Delivers to subscriptions that are behind their lane, one by one, entry by entry, each at its own pace (rules 20, 21).</summary>
internal sealed class BehindService(
    HubNode node,
    IOptions<HubOptions> options,
    SubscriptionStore subscriptions,
    SendGate gate,
    EntryCache entries,
    SecretBox secrets,
    BehindSettlement settlement,
    BehindSignal signal,
    HubAddress address,
    HubClock time,
    ILogger<BehindService> logger) : HubLoop(node, signal, time, logger), IAttemptOwner
{
    private const int Batch = 256;
    private const int MaxInFlight = 2048;
    private const int LookAhead = 500;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly Dictionary<Attempt, long> _claimedUntil = [];

    /// <inheritdoc/>
    public ActivityContext TraceContext => default;

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt)
    {
        lock (_lock)
        {
            // Nobody may still be sending when the claim ends, nor when it is void; what waited too long for a place is taken again.
            if (attempt.Target.Row.LeaseEnd <= UnixMicroseconds.Now(Time))
            {
                // It has ended while it waited for a place (rule 10); the sweep removes it.
                _claimedUntil.Remove(attempt);
                return false;
            }

            var inTime = Node.IsSeen && _claimedUntil.TryGetValue(attempt, out var until) && UnixMicroseconds.Now(Time) + UnixMicroseconds.From(options.Value.Delivery.Timeout) <= until;
            if (!inTime) _claimedUntil.Remove(attempt);
            return inTime;
        }
    }

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt)
    {
        // It holds nobody up.
    }

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt)
    {
        Forget(attempt);
        settlement.Release(attempt);
    }

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome)
    {
        Forget(attempt);
        settlement.Settle(attempt, attempt.Target.Row, attempt.Target.Row.Epoch, outcome);
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!Node.IsSeen) return UntilSeen;
        var now = UnixMicroseconds.Now(Time);
        if (await subscriptions.NextBehindAsync(now, cancellationToken) is not { } due) return LongestSleep;
        if (due > now) return Min(TimeSpan.FromMicroseconds(due - now), LongestSleep);

        await subscriptions.SettleAsync(now, cancellationToken);
        var room = MaxInFlight - InFlight;
        if (room <= 0) return TimeSpan.FromMilliseconds(100);
        var until = now + UnixMicroseconds.From(options.Value.Delivery.Timeout + Margin);
        foreach (var row in await subscriptions.ClaimBehindAsync(Node.Name, Math.Min(Batch, room), now, until, cancellationToken)) await TryStartAsync(row, until, now, cancellationToken);
        return TimeSpan.Zero;
    }

    private async Task TryStartAsync(SubscriptionRow row, long until, long now, CancellationToken cancellationToken)
    {
        try
        {
            await StartAsync(row, until, now, cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            // One row that cannot be used must not cost the others of its batch anything.
            Diagnostics.Log.RowNotUsable(Logger, e, row.Callback);
            var later = now + UnixMicroseconds.From(LaneRunServices.UnusablePause);
            await subscriptions.SaveBehindAsync(new(row.Id, row.Epoch, row.Position ?? row.Head, row.Attempts, later, null, null, $"Its row cannot be used: {e.Message}", null), now, cancellationToken);
        }
    }

    private async Task StartAsync(SubscriptionRow row, long until, long now, CancellationToken cancellationToken)
    {
        var position = row.Position ?? row.Head;
        if (position >= row.Head)
        {
            await subscriptions.SaveBehindAsync(new(row.Id, row.Epoch, position, 0, null, null, null, null, null), now, cancellationToken);
            return;
        }

        using var opener = secrets.Opener();
        var target = DeliveryTarget.For(row, address.HeadersOf(row), opener, options.Value.Delivery.Signature);
        var (next, newerWaits) = await NextAsync(target, position, now, cancellationToken);
        if (!newerWaits && row.Head > next) target = DeliveryTarget.For(row with { Head = next }, target.Topic, opener, options.Value.Delivery.Signature);
        if (await entries.LoadAsync(row.TopicId, next, cancellationToken) is not { } entry || target.Of(entry, now) is not { } addressed)
        {
            // Pruned, so nobody is owed it any more; or none of its business.
            await subscriptions.SaveBehindAsync(new(row.Id, row.Epoch, next, 0, null, null, null, null, null), now, cancellationToken);
            return;
        }

        var attempt = new Attempt(this, addressed, entry);
        lock (_lock) _claimedUntil[attempt] = until;
        gate.Enqueue(attempt);
    }

    /// <summary>
    /// The next entry to look at, and whether another waits behind it: without patterns simply the next; with them the next that they cover, or
    /// the last that they surely do not.
    /// </summary>
    private async Task<(long Next, bool NewerWaits)> NextAsync(DeliveryTarget target, long position, long now, CancellationToken cancellationToken)
    {
        var row = target.Row;
        if (row.WantsLatest) return (row.Head, false);
        if (target.Patterns is null) return (position + 1, row.Head > position + 1);
        var ahead = await entries.PeekAsync(row.TopicId, position, row.Head, LookAhead, cancellationToken);
        var covered = ahead.Where(e => target.Of(e, now) is not null).Take(2).ToList();
        if (covered.Count > 0) return (covered[0].Sequence, covered.Count > 1 || ahead.Count == LookAhead);
        return (ahead.Count == LookAhead ? ahead[^1].Sequence : row.Head, false);
    }

    private int InFlight
    {
        get
        {
            lock (_lock) return _claimedUntil.Count;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void Forget(Attempt attempt)
    {
        lock (_lock) _claimedUntil.Remove(attempt);
    }
}
