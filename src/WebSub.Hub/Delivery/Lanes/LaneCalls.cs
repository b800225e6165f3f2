using System.Collections.Concurrent;
using WebSub.Hub.Signals;
using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>What runs ask of their service, by their lanes: to be saved, and to have their members read again.</summary>
internal sealed class LaneCalls(LaneSignals signals)
{
    /// <summary>So many quiet runs are worth a save at once.</summary>
    private const int Gathered = 1024;
    private readonly ConcurrentQueue<LaneId> _quiet = new();
    private readonly ConcurrentQueue<LaneId> _outdated = new();
    private int _quietRuns;

    /// <summary>True if some wait for a save.</summary>
    public bool AnyQuiet => !_quiet.IsEmpty;

    /// <summary>True if so many wait that the save should not gather any more.</summary>
    public bool ManyQuiet => Volatile.Read(ref _quietRuns) >= Gathered;

    /// <summary>A run has nothing in flight: only a save brings it on.</summary>
    public void Quiet(LaneId lane)
    {
        _quiet.Enqueue(lane);
        if (Interlocked.Increment(ref _quietRuns) is 1 or Gathered)
            signals.Raise();
    }

    /// <summary>A run has to read its members again.</summary>
    public void Outdated(LaneId lane)
    {
        _outdated.Enqueue(lane);
        signals.Raise();
    }

    /// <summary>Those that wait for a save.</summary>
    public List<LaneId> TakeQuiet()
    {
        var taken = new List<LaneId>();
        while (_quiet.TryDequeue(out var lane))
        {
            Interlocked.Decrement(ref _quietRuns);
            taken.Add(lane);
        }

        return taken;
    }

    /// <summary>Adds those that have to read their members again.</summary>
    public void TakeOutdated(ISet<LaneId> lanes)
    {
        while (_outdated.TryDequeue(out var lane))
            lanes.Add(lane);
    }
}
