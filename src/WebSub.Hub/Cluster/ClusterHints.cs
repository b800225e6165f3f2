using System.Collections.Concurrent;
using WebSub.Hub.Signals;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>Hints waiting to be sent to the other nodes; a topic's newest head replaces an older one.</summary>
internal sealed class ClusterHints : WorkSignal, IPeers
{
    public ConcurrentDictionary<TopicId, long> Heads { get; } = new();

    public ConcurrentDictionary<TopicId, bool> Changed { get; } = new();

    public ConcurrentDictionary<string, bool> Work { get; } = new(StringComparer.Ordinal);

    /// <summary>There is work for a loop that other nodes run; the name is one of <see cref="NamedSignals"/>.</summary>
    public void TellWork(string name)
    {
        Work[name] = true;
        Raise();
    }

    /// <inheritdoc/>
    public void TellHead(TopicId topicId, long head)
    {
        Heads.AddOrUpdate(topicId, head, (_, known) => Math.Max(known, head));
        Raise();
    }

    /// <inheritdoc/>
    public void TellChanged(TopicId topicId)
    {
        Changed[topicId] = true;
        Raise();
    }
}
