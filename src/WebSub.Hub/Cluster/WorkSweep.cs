using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Takes topics off the work list whose last subscription ended before a run had come to their newest entry: no run ever will.
/// </summary>
internal sealed class WorkSweep(HubNode node, LaneStore lanes, HubClock time, ILogger<WorkSweep> logger)
    : HubLoop(node, new Wakeup(), time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var topics = await lanes.FindTopicsWithoutLanesAsync(cancellationToken);
        if (topics.Count > 0)
            await lanes.ClearWorkAsync(topics, cancellationToken);
        return Every;
    }
}
