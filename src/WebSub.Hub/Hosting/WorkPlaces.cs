using WebSub.Work;

namespace WebSub.Hub.Hosting;

/// <summary>
/// The slots for a loop's requests in flight. A request that takes longer than a second gives its slot to others, up to a second limit, and
/// one host may hold only a share of those: hosts that do not answer must not keep the hub from reaching those that do.
/// </summary>
/// <param name="young">How many may be younger than a second.</param>
/// <param name="all">How many there may be in total.</param>
/// <param name="oldPerHost">How many of the older ones may be to one host.</param>
/// <param name="signal">Raised when a slot becomes free.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkPlaces(int young, int all, int oldPerHost, WorkSignal signal, TimeProvider time)
{
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly WorkSignal _signal = signal;
    private readonly TimeProvider _time = time;
    private readonly Dictionary<string, int> _old = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<Place> _oldest = new();
    private int _young;
    private int _all;

    /// <summary>How many more may start now.</summary>
    public int Free
    {
        get
        {
            lock (_lock)
                return Math.Min(young - _young, all - _all);
        }
    }

    /// <summary>Called when requests wait: if all slots are taken, ends the oldest requests, as many as may be young at a time.</summary>
    public void MakeRoom()
    {
        List<Place> ended;
        lock (_lock)
        {
            if (_all < all)
                return;
            ended = [.. _oldest.Take(young)];
        }

        foreach (var place in ended)
            place.End();
    }

    /// <summary>Takes a slot, which is freed when disposed; null if the host has used up its share of old ones.</summary>
    public Place? Take(string host)
    {
        lock (_lock)
        {
            if (_old.GetValueOrDefault(host) >= oldPerHost)
                return null;
            _young++;
            _all++;
        }

        return new Place(this, host);
    }

    /// <summary>A slot that is in use.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly CancellationTokenSource _ended = new();
        private readonly WorkPlaces _places;
        private readonly string _host;
        private readonly ITimer _timer;
        private bool _isOld;
        private bool _isFree;

        internal Place(WorkPlaces places, string host)
        {
            (_places, _host) = (places, host);
            _timer = places._time.CreateTimer(static p => ((Place)p!).Age(), this, Young, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Cancelled when other requests need the slot and this one has exceeded its time.</summary>
        public CancellationToken Ended => _ended.Token;

        public void Dispose()
        {
            _timer.Dispose();
            lock (_places._lock)
            {
                _isFree = true;
                _places._all--;
                if (_isOld)
                    _places._oldest.Remove(this);
                if (!_isOld)
                    _places._young--;
                else if (--_places._old[_host] == 0)
                    _places._old.Remove(_host);
            }

            _places._signal.Raise();
        }

        internal void End() => _ended.Cancel();

        private void Age()
        {
            lock (_places._lock)
            {
                if (_isFree)
                    return;
                _isOld = true;
                _places._oldest.AddLast(this);
                _places._young--;
                _places._old[_host] = _places._old.GetValueOrDefault(_host) + 1;
            }

            _places._signal.Raise();
        }
    }
}
