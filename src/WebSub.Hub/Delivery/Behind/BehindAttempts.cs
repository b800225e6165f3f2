using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>
/// The attempts of subscriptions behind that wait for a place or are in flight, each with the claim of its row; no origin may have them
/// all.
/// </summary>
/// <param name="most">How many there may be.</param>
/// <param name="mostPerOrigin">How many of one origin.</param>
/// <param name="time">The clock.</param>
internal sealed class BehindAttempts(int most, int mostPerOrigin, TimeProvider time)
{
    /// <summary>How long an attempt may wait for its place; then its row is left to be taken again.</summary>
    private static readonly TimeSpan MayWait = TimeSpan.FromSeconds(5);

    /// <summary>What is left of a claim when the attempt is over at the latest: its outcome is saved in it (rule 20).</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Attempt, Timestamp> _claimedAt = [];
    private readonly Dictionary<string, int> _ofOrigin = new(StringComparer.Ordinal);

    /// <summary>How long a row is claimed for an attempt that may take so long.</summary>
    public static TimeSpan ClaimFor(TimeSpan timeout) => MayWait + timeout + Margin;

    /// <summary>How many more there may be.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
                return most - _claimedAt.Count;
        }
    }

    /// <summary>Adds one, whose row was claimed at this time stamp. Returns false if its origin has its share.</summary>
    public bool Add(Attempt attempt, Timestamp claimedAt)
    {
        lock (_lock)
        {
            var count = _ofOrigin.GetValueOrDefault(attempt.Target.Origin);
            if (count >= mostPerOrigin)
                return false;
            _ofOrigin[attempt.Target.Origin] = count + 1;
            _claimedAt.Add(attempt, claimedAt);
            return true;
        }
    }

    /// <summary>
    /// Since when its row is claimed; null if too little is left of that, or it is none of these: then it must not be sent (rule 26).
    /// </summary>
    public Timestamp? ClaimOf(Attempt attempt)
    {
        lock (_lock)
            return _claimedAt.TryGetValue(attempt, out var at) && time.GetElapsedTime(at) <= MayWait ? at : null;
    }

    /// <summary>It has ended, or is not made.</summary>
    public void Remove(Attempt attempt)
    {
        lock (_lock)
        {
            if (!_claimedAt.Remove(attempt))
                return;
            var left = _ofOrigin[attempt.Target.Origin] - 1;
            if (left == 0)
                _ofOrigin.Remove(attempt.Target.Origin);
            else
                _ofOrigin[attempt.Target.Origin] = left;
        }
    }
}
