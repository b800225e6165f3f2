using System.Collections.Concurrent;

namespace WebSub.Hub.Delivery;

/// <summary>What other nodes are still to be told of: newest sequences, and topics whose subscriptions changed.</summary>
internal sealed class ClusterWakeup : Wakeup
{
    public ConcurrentDictionary<long, long> Heads { get; } = new();

    public ConcurrentDictionary<long, bool> Changed { get; } = new();

    public void RaiseChanged(long topicId)
    {
        Changed[topicId] = true;
        Raise();
    }

    public void Raise(long topicId, long head)
    {
        Heads.AddOrUpdate(topicId, head, (_, known) => Math.Max(known, head));
        Raise();
    }
}
