namespace WebSub.Work;

/// <summary>
/// Limits how often each key is used: a number of times per period on average, and a number of times at once. A caller that comes too early
/// learns when to come back, one after the other, so that a long queue costs no more than a short one.
/// </summary>
/// <remarks>
/// The limiters of System.Threading.RateLimiting go by the machine's clock and not by a <see cref="TimeProvider"/>, and those that spread
/// permits over a period do not say when the next one is free: every waiter would have to poll.
/// </remarks>
/// <param name="permits">How many times per period.</param>
/// <param name="period">The period.</param>
/// <param name="atOnce">How many times without a pause, after a rest.</param>
/// <param name="time">The clock.</param>
/// <param name="keys">Compares keys.</param>
internal sealed class Rate(long permits, TimeSpan period, long atOnce, TimeProvider time, StringComparer keys)
{
    private const int SweptFrom = 1000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _step = period / permits;
    private readonly TimeSpan _burst = period / permits * atOnce;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    // When all of a key's permits are free again, and when the next in the queue may come.
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

    /// <summary>Null if the key may be used now; else how long to wait before trying again.</summary>
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

    /// <summary>Counts uses that nobody waited for: what follows waits for them.</summary>
    public void Charge(string key, int times)
    {
        lock (_lock)
        {
            var (_, rested, line) = Look(key);
            _known[key] = (rested + (times * _step), line);
        }
    }

    /// <summary>Always takes a place and returns when its turn comes.</summary>
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

    // A rested key is like one that was never used.
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
