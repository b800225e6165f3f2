using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>Adds up what nodes have sent.</summary>
internal static class HourOfMinutes
{
    public const int Minutes = 60;

    /// <summary>When the first of its minutes began.</summary>
    public static DatabaseTime BeginOf(DatabaseTime now) => MinuteOf(now) - TimeSpan.FromMinutes(Minutes - 1);

    /// <summary>When the minute of a moment began.</summary>
    public static DatabaseTime MinuteOf(DatabaseTime moment) =>
        moment - TimeSpan.FromMicroseconds(moment.Microseconds % DatabaseTime.LengthOf(TimeSpan.FromMinutes(1)));

    /// <summary>The hour that ends with the minute under way, the newest minute last.</summary>
    public static IReadOnlyList<HubMinute> Of(IEnumerable<MinuteRow> rows, DatabaseTime now)
    {
        var byMinute = rows.ToLookup(r => r.BeganAt);
        return [.. Enumerable.Range(0, Minutes).Select(i => BeginOf(now) + TimeSpan.FromMinutes(i)).Select(m => AddUp(m, byMinute[m]))];
    }

    private static HubMinute AddUp(DatabaseTime beganAt, IEnumerable<MinuteRow> rows)
    {
        var (delivered, failed, latencies) = (0L, 0L, new LatencyBuckets());
        foreach (var row in rows)
        {
            delivered += row.Delivered;
            failed += row.Failed;
            latencies.Add(row.Latencies);
        }

        return new(beganAt.ToMoment(), delivered, failed, latencies.Quantile(0.5), latencies.Quantile(0.99));
    }
}
