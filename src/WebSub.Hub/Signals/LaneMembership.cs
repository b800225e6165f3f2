using System.Collections.Concurrent;
using System.Collections.Frozen;
using WebSub.Hub.Values;

namespace WebSub.Hub.Signals;

/// <summary>
/// Topics whose subscriptions changed: their runs, here and on other nodes, read their members again before the next save would tell them
/// (rule 10).
/// </summary>
internal sealed class LaneMembership(LaneSignals signals, IPeers peers)
{
    private readonly ConcurrentDictionary<TopicId, bool> _changed = new();

    /// <summary>They changed in this process.</summary>
    public void Changed(TopicId topicId)
    {
        Heard(topicId);
        peers.TellChanged(topicId);
    }

    /// <summary>They changed, here or elsewhere.</summary>
    public void Heard(TopicId topicId)
    {
        _changed[topicId] = true;
        signals.Raise();
    }

    public IReadOnlySet<TopicId> Take()
    {
        if (_changed.IsEmpty)
            return FrozenSet<TopicId>.Empty;
        var taken = _changed.Keys.ToHashSet();
        foreach (var topic in taken)
            _changed.TryRemove(topic, out _);
        return taken;
    }
}
