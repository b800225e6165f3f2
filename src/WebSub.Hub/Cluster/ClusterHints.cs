using System.Collections.Concurrent;
using WebSub.Hub.Signals;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>Hints waiting to be sent to the other nodes; a topic's newest head replaces an older one.</summary>
internal sealed class ClusterHints : WorkSignal, IPeers
{
    public ConcurrentDictionary<long, long> Heads { get; } = new();

    public ConcurrentDictionary<long, bool> Changed { get; } = new();

    /// <inheritdoc/>
    public void TellHead(long topicId, long head)
    {
        Heads.AddOrUpdate(topicId, head, (_, known) => Math.Max(known, head));
        Raise();
    }

    /// <inheritdoc/>
    public void TellChanged(long topicId)
    {
        Changed[topicId] = true;
        Raise();
    }
}
