using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>Measures, at the start and once a minute, how far this machine's clock is from the database's (rule 25).</summary>
internal sealed class ClockSync(HubNode node, HubDatabase database, IOptions<HubOptions> options, HubClock time, ILogger<ClockSync> logger)
    : HubLoop(node, new Wakeup(), time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(1);

    /// <summary>Measures once; also before anything is claimed.</summary>
    public static async Task MeasureAsync(HubDatabase database, HubClock time, ILogger logger, CancellationToken cancellationToken)
    {
        var before = time.GetHostUtcNow();
        var theirs = await database.ReadClockAsync(cancellationToken);
        var after = time.GetHostUtcNow();

        // The answer was made somewhere between; a difference that this cannot tell from the way there and back is none.
        var offset = theirs - (before + ((after - before) / 2));
        if ((offset - time.Offset).Duration() <= Tolerance + (after - before))
            return;
        if ((offset - time.Offset).Duration() >= WorthTelling)
            Log.ClockDiffers(logger, offset.Duration().TotalSeconds, offset > TimeSpan.Zero ? "ahead of" : "behind");
        time.Offset = offset;
    }

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (database.Db.Dialect == SqlDialect.Sqlite || !options.Value.FollowDatabaseClock)
            return Idle;
        await MeasureAsync(database, Time, Logger, cancellationToken);
        return Every;
    }
}
