using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Takes topics off the work list whose last subscription ended before a run had come to their newest entry: no run ever will. On SQLite,
/// which has no such list, there is nothing to do.
/// </summary>
internal sealed class WorkSweep(HubNode node, HubDatabase database, LaneStore lanes, HubClock time, ILogger<WorkSweep> logger)
    : HubLoop(node, new Wakeup(), time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (database.Db.Dialect == SqlDialect.Sqlite)
            return LongestSleep;

        var topics = await lanes.FindTopicsWithoutLanesAsync(cancellationToken);
        if (topics.Count > 0)
            await lanes.ClearWorkAsync(topics, cancellationToken);
        return Every;
    }
}
