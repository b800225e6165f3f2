using System.Collections.Concurrent;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Signals;

/// <summary>Topics whose log has grown by a hundred entries since it was last pruned.</summary>
internal sealed class HistorySignal : WorkSignal
{
    private const int Step = 100;
    private readonly ConcurrentDictionary<TopicId, bool> _grown = new();

    public void Appended(TopicId topicId, long sequence)
    {
        if (sequence % Step != 0)
            return;
        _grown[topicId] = true;
        Raise();
    }

    public IReadOnlyList<TopicId> Take()
    {
        var taken = _grown.Keys.ToList();
        foreach (var topic in taken)
            _grown.TryRemove(topic, out _);
        return taken;
    }
}
