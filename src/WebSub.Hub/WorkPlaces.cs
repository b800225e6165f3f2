namespace WebSub.Hub;

/// <summary>
/// The places of requests that a loop has in flight. One that takes longer than a second gives its place to others, up to a second limit, and one host has only so
/// many of those: hosts that hang must not keep the hub from asking those that answer.
/// </summary>
/// <param name="young">How many may be younger than a second.</param>
/// <param name="all">How many there may be at all.</param>
/// <param name="oldPerHost">How many older ones one host may have.</param>
/// <param name="wakeup">Raised when a place becomes free.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkPlaces(int young, int all, int oldPerHost, Wakeup wakeup, TimeProvider time)
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Wakeup _wakeup = wakeup;
    private readonly TimeProvider _time = time;
    private readonly Dictionary<string, int> _old = new(StringComparer.OrdinalIgnoreCase);
    private int _young;
    private int _all;

    /// <summary>How many more may start now.</summary>
    public int Free
    {
        get
        {
            lock (_lock) return Math.Min(young - _young, all - _all);
        }
    }

    /// <summary>Takes a place, free again when it is disposed; null if the host has its share of old ones.</summary>
    public IDisposable? Take(string host)
    {
        lock (_lock)
        {
            if (_old.GetValueOrDefault(host) >= oldPerHost) return null;
            _young++;
            _all++;
        }

        return new Place(this, host);
    }

    private sealed class Place : IDisposable
    {
        private readonly WorkPlaces _places;
        private readonly string _host;
        private readonly ITimer _timer;
        private bool _isOld;
        private bool _isFree;

        public Place(WorkPlaces places, string host)
        {
            (_places, _host) = (places, host);
            _timer = places._time.CreateTimer(static p => ((Place)p!).Age(), this, Young, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            lock (_places._lock)
            {
                _isFree = true;
                _places._all--;
                if (!_isOld) _places._young--;
                else if (--_places._old[_host] == 0) _places._old.Remove(_host);
            }

            _places._wakeup.Raise();
        }

        private void Age()
        {
            lock (_places._lock)
            {
                if (_isFree) return;
                _isOld = true;
                _places._young--;
                _places._old[_host] = _places._old.GetValueOrDefault(_host) + 1;
            }

            _places._wakeup.Raise();
        }
    }
}
