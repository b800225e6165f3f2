using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Streaming;

/// <summary>Makes up for hints between nodes that were lost: looks at the heads of all topics that are followed.</summary>
internal sealed class HeadPoll(HeadSignals heads, ReadStore store, HubDatabase database) : MaintenanceTask(TimeSpan.FromSeconds(10))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (!database.IsShared || heads.Topics is not { Count: > 0 } followed)
            return false;
        foreach (var topic in await store.HeadsAsync(followed, cancellationToken))
            heads.Raise(topic.Id, topic.Head);
        return false;
    }
}
