using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Measures how far this machine's clock is from the database's and corrects the hub's clock by that (rule 25). It repeats this while the
/// hub runs, since clocks drift and are set.
/// </summary>
internal sealed class ClockSync(HubDatabase database, IOptions<HubOptions> options, HubClock time, ILogger<ClockSync> logger)
    : MaintenanceTask(TimeSpan.FromMinutes(1))
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await MeasureAsync(cancellationToken);
        return false;
    }

    /// <summary>Measures once.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.FollowDatabaseClock)
            return;
        var before = time.GetHostUtcNow();
        var theirs = await database.ReadClockAsync(cancellationToken);
        var after = time.GetHostUtcNow();

        // The answer was made at some point in between; a difference no larger than the round trip counts as none.
        var offset = theirs - (before + ((after - before) / 2));
        if ((offset - time.Offset).Duration() <= Tolerance + (after - before))
            return;
        if ((offset - time.Offset).Duration() >= WorthTelling)
            Log.ClockDiffers(logger, offset.Duration().TotalSeconds, offset > TimeSpan.Zero ? "ahead of" : "behind");
        time.Offset = offset;
    }
}
