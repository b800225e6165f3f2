using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Health;

/// <summary>
/// Looks at the tables for the gauges, as often as metrics are collected at most, and never if nobody collects them: an idle hub asks
/// nothing.
/// </summary>
internal sealed class StateSampler(StateStore store, StateGauges gauges, HubClock time) : MaintenanceTask(TimeSpan.FromSeconds(10))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (gauges.AreCollected)
            gauges.State = await store.ReadAsync(DatabaseTime.Now(time), cancellationToken);
        return false;
    }
}
