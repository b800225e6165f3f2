using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Signals;

/// <summary>
/// Hints, raised after a commit, that a topic's lanes have work; coalesced per topic (rule 3). Losing one costs a moment, never an update.
/// </summary>
internal sealed class LaneSignals : WorkSignal
{
    private readonly Lock _lock = new();
    private Dictionary<TopicId, long> _heads = [];

    /// <summary>Tells that a topic has an entry with this sequence.</summary>
    public void Raise(TopicId topicId, long head)
    {
        lock (_lock)
            _heads[topicId] = Math.Max(head, _heads.GetValueOrDefault(topicId));
        Raise();
    }

    /// <summary>What was raised since the last call.</summary>
    public IReadOnlyDictionary<TopicId, long> Take()
    {
        lock (_lock)
        {
            var taken = _heads;
            if (taken.Count > 0)
                _heads = [];
            return taken;
        }
    }
}
