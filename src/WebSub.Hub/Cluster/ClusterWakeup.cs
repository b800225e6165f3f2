using System.Collections.Concurrent;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>
/// What other nodes are still to be told of: newest sequences, and topics whose subscriptions changed. On SQLite there are no others, so
/// nothing.
/// </summary>
internal sealed class ClusterWakeup(HubDatabase database) : Wakeup
{
    public ConcurrentDictionary<long, long> Heads { get; } = new();

    public ConcurrentDictionary<long, bool> Changed { get; } = new();

    private bool HasOthers => database.Db.Dialect == SqlDialect.PostgreSql;

    public void RaiseChanged(long topicId)
    {
        if (!HasOthers)
            return;
        Changed[topicId] = true;
        Raise();
    }

    public void Raise(long topicId, long head)
    {
        if (!HasOthers)
            return;
        Heads.AddOrUpdate(topicId, head, (_, known) => Math.Max(known, head));
        Raise();
    }
}
