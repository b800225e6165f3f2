using System.Collections.Concurrent;

namespace WebSub.Hub.Delivery;

/// <summary>The newest sequences that other nodes are still to be told of.</summary>
internal sealed class ClusterWakeup : Wakeup
{
    public ConcurrentDictionary<long, long> Heads { get; } = new();

    public void Raise(long topicId, long head)
    {
        Heads.AddOrUpdate(topicId, head, (_, known) => Math.Max(known, head));
        Raise();
    }
}
