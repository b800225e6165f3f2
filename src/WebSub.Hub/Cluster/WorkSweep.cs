using WebSub.Hub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Takes topics off the work list whose last subscription ended before a run reached their newest entry: none ever will.
/// </summary>
internal sealed class WorkSweep(LaneStore lanes) : MaintenanceTask(TimeSpan.FromMinutes(1))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var topics = await lanes.FindTopicsWithoutLanesAsync(cancellationToken);
        if (topics.Count > 0)
            await lanes.ClearWorkAsync(topics, cancellationToken);
        return false;
    }
}
