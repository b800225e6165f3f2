namespace WebSub.Hub.Hosting;

/// <summary>
/// Limits how often one host is asked: so many times a minute on average, and as many at once. Who comes too early is told when to come
/// again: one after the other, so that a long line costs no more than a short one.
/// </summary>
internal sealed class HostPace(long perMinute, TimeProvider time)
{
    private const int SweptFrom = 1000;
    private static readonly TimeSpan Burst = TimeSpan.FromMinutes(1);
    private readonly TimeSpan _step = Burst / perMinute;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();

    // When all that a host may be asked at once is free again, and when the next in line may come.
    private readonly Dictionary<string, (TimeSpan Rested, TimeSpan Line)> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private TimeSpan _swept;

    /// <summary>Null if the host may be asked now; else how long to wait before taking again.</summary>
    public TimeSpan? Take(string host)
    {
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            Sweep(now);
            var (rested, line) = _hosts.GetValueOrDefault(host);
            if (rested < now)
                rested = now;
            var free = rested + _step - Burst;
            if (free <= now)
            {
                _hosts[host] = (rested + _step, line);
                return null;
            }

            var turn = line > free ? line : free;
            _hosts[host] = (rested, turn + _step);
            return turn - now;
        }
    }

    // A host that has rested is as one that was never asked.
    private void Sweep(TimeSpan now)
    {
        if (_hosts.Count < SweptFrom || now - _swept < Burst)
            return;
        _swept = now;
        foreach (var (host, known) in _hosts)
        {
            if (known.Rested <= now && known.Line <= now)
                _hosts.Remove(host);
        }
    }
}
