namespace WebSub.Work;

/// <summary>
/// Limits how often each key is used: so many times per period on average, and a number of times at once. Whoever comes too early learns
/// when to come again, one after the other, so that a long line costs no more than a short one.
/// </summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting go by the machine's clock and not by a <see cref="TimeProvider"/>, and those that spread
/// permits over a period do not say when the next one is free: everyone in the line would have to ask again and again.
/// </remarks>
/// <param name="permits">How often in each period.</param>
/// <param name="period">The period.</param>
/// <param name="atOnce">How often without a pause, after a rest.</param>
/// <param name="time">The clock.</param>
/// <param name="keys">What makes two keys one.</param>
internal sealed class Rate(long permits, TimeSpan period, long atOnce, TimeProvider time, StringComparer keys)
{
    private const int SweptFrom = 1000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _step = period / permits;
    private readonly TimeSpan _burst = period / permits * atOnce;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    // When everything a key may use at once is free again, and when the next in line may come.
    private readonly Dictionary<string, (TimeSpan Rested, TimeSpan Line)> _known = new(keys);
    private TimeSpan _swept;

    /// <summary>How many keys are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>Null if the key may be used now; else how long to wait before taking again.</summary>
    public TimeSpan? Take(string key)
    {
        lock (_lock)
        {
            var (now, rested, line) = Look(key);
            var free = rested + _step - _burst;
            if (free <= now)
            {
                _known[key] = (rested + _step, line);
                return null;
            }

            var turn = line > free ? line : free;
            _known[key] = (rested, turn + _step);
            return turn - now;
        }
    }

    /// <summary>Takes a place in any case and returns when it comes.</summary>
    public Task WaitAsync(string key, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var (now, rested, line) = Look(key);
            _known[key] = (rested + _step, line);
            wait = rested + _step - _burst - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }

    private (TimeSpan Now, TimeSpan Rested, TimeSpan Line) Look(string key)
    {
        var now = time.GetElapsedTime(_start);
        Sweep(now);
        var (rested, line) = _known.GetValueOrDefault(key);
        return (now, rested < now ? now : rested, line);
    }

    // A key that has rested is like one that was never used.
    private void Sweep(TimeSpan now)
    {
        if (_known.Count < SweptFrom || now - _swept < SweepEvery)
            return;
        _swept = now;
        foreach (var (key, (rested, line)) in _known)
        {
            if (rested <= now && line <= now)
                _known.Remove(key);
        }
    }
}
