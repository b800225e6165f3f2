using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// What this process remembers of its attempts, for operators: the last ones, and how each origin did within the hour. It is bounded, and
/// no attempt is stored: success writes no row (rule 32). Failures have places of their own, so that a healthy topic does not push out what
/// went wrong.
/// </summary>
internal sealed class RecentAttempts(HubClock time)
{
    /// <summary>How many are remembered that failed, and as many that were accepted.</summary>
    public const int Remembered = 8192;

    private const int MaxOrigins = 10_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly AttemptRing _delivered = new(Remembered);
    private readonly AttemptRing _failed = new(Remembered);
    private readonly Dictionary<string, OriginTally> _origins = new(StringComparer.Ordinal);
    private DateTimeOffset _sweptAt;

    /// <summary>Notes how an attempt ended, and how long it took.</summary>
    public void Ended(Attempt attempt, DeliveryOutcome outcome, TimeSpan took)
    {
        var isDelivered = outcome.Result == DeliveryResult.Delivered;
        var now = time.GetUtcNow();
        var ended = new EndedAttempt(attempt.Target.Row.Id, attempt.Entry.Sequence, DatabaseTime.From(now), took, outcome);
        lock (_lock)
        {
            (isDelivered ? _delivered : _failed).Add(ended);
            TallyOf_NeedsLock(attempt.Target.Origin, now)?.Add(now, isDelivered);
        }
    }

    /// <summary>The attempts of a subscription that are remembered, the newest first.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="since">When it was stored: SQLite gives the number of one that ended to another.</param>
    /// <param name="limit">How many at most.</param>
    public IReadOnlyList<EndedAttempt> Of(SubscriptionId subscription, DatabaseTime since, int limit)
    {
        lock (_lock)
        {
            return
            [
                .. _failed
                    .Of(subscription)
                    .Take(limit)
                    .Concat(_delivered.Of(subscription).Take(limit))
                    .Where(a => a.At >= since)
                    .OrderByDescending(a => a.At)
                    .Take(limit),
            ];
        }
    }

    /// <summary>How the origins did that have been sent to within the last hour.</summary>
    public IReadOnlyDictionary<string, (long Delivered, long Failed)> LastHour()
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            return _origins.Where(o => !o.Value.IsOver(now)).ToDictionary(o => o.Key, o => o.Value.At(now), StringComparer.Ordinal);
        }
    }

    /// <summary>
    /// How attempts ended in the spans since a moment, for the other nodes: at most so many, those with most failures first, then those
    /// with most attempts.
    /// </summary>
    public IReadOnlyList<OriginSpan> Since(DatabaseTime since, int most)
    {
        List<OriginSpan> spans;
        lock (_lock)
            spans = [.. _origins.SelectMany(o => o.Value.Since(since, o.Key))];
        return [.. spans.OrderByDescending(s => s.Failed).ThenByDescending(s => s.Delivered).Take(most)];
    }

    /// <summary>Null if there are too many origins already.</summary>
    private OriginTally? TallyOf_NeedsLock(string origin, DateTimeOffset now)
    {
        if (_origins.TryGetValue(origin, out var tally))
            return tally;
        if (_origins.Count >= MaxOrigins)
        {
            // The search for those that are over is not repeated for every attempt.
            if (now - _sweptAt < SweepEvery)
                return null;
            _sweptAt = now;
            foreach (var over in _origins.Where(o => o.Value.IsOver(now)).Select(o => o.Key).ToList())
                _origins.Remove(over);
            if (_origins.Count >= MaxOrigins)
                return null;
        }

        return _origins[origin] = new();
    }
}
