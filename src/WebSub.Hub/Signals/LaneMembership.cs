using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace WebSub.Hub.Signals;

/// <summary>
/// Topics whose subscriptions changed: their runs, here and on other nodes, read their members again before the next save would tell them
/// (rule 10).
/// </summary>
internal sealed class LaneMembership(LaneSignals signals, IPeers peers)
{
    private readonly ConcurrentDictionary<long, bool> _changed = new();

    /// <summary>They changed in this process.</summary>
    public void Changed(long topicId)
    {
        Heard(topicId);
        peers.TellChanged(topicId);
    }

    /// <summary>They changed, here or elsewhere.</summary>
    public void Heard(long topicId)
    {
        _changed[topicId] = true;
        signals.Raise();
    }

    public IReadOnlySet<long> Take()
    {
        if (_changed.IsEmpty)
            return FrozenSet<long>.Empty;
        var taken = _changed.Keys.ToHashSet();
        foreach (var topic in taken)
            _changed.TryRemove(topic, out _);
        return taken;
    }
}
