using WebSub.Hub.Hosting;

namespace WebSub.Hub.Cluster;

/// <summary>Keeps the hub's clock right while it runs: clocks drift, and are set (rule 25).</summary>
internal sealed class ClockSyncLoop(HubNode node, ClockSync clock, HubClock time, ILogger<ClockSyncLoop> logger)
    : HubLoop(node, new Wakeup(), time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        await clock.MeasureAsync(cancellationToken);
        return Every;
    }
}
