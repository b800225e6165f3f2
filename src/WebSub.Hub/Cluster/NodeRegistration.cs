using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Stores what this node is once it has its lock, and once more after it has lost that: another node may have removed the row meanwhile.
/// </summary>
internal sealed class NodeRegistration(HubNode node, NodeStore store) : MaintenanceTask(TimeSpan.FromSeconds(1))
{
    private bool _isStored;

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var isSeen = node.IsSeen;
        if (isSeen && !_isStored)
            await store.RegisterAsync(NodeRow.Of(node), cancellationToken);
        _isStored = isSeen;
        return false;
    }
}
