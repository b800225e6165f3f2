using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>
/// What all nodes have sent within the last hour. Each keeps its own in memory and stores a row for every minute in which it sent anything,
/// soon after that minute; a node that is asked adds the rows of the others to what it has in memory.
/// </summary>
internal sealed class DeliveryMinutes(MinuteStore store, DeliveryPulse pulse, RecentAttempts recent, HubNode node, HubClock time)
{
    /// <summary>The origins that a node stores of a span: those that fail most, then those with most attempts.</summary>
    private const int MaxOrigins = 1000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(2);

    /// <summary>Who counts an attempt at the very end of a minute may take a moment.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>The first minute that has not been stored.</summary>
    private DatabaseTime _next;

    /// <summary>What all nodes have sent, minute by minute, the newest last.</summary>
    public async Task<IReadOnlyList<HubMinute>> LastHourAsync(DatabaseTime now, CancellationToken cancellationToken)
    {
        var since = HourOfMinutes.BeginOf(now);
        return HourOfMinutes.Of([.. pulse.Since(since), .. await store.OfOthersAsync(node.Name, since, cancellationToken)], now);
    }

    /// <summary>How all nodes' attempts of each origin ended.</summary>
    public async Task<IReadOnlyDictionary<string, (long Delivered, long Failed)>> OriginsAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, (long Delivered, long Failed)>(recent.LastHour(), StringComparer.Ordinal);
        foreach (var other in await store.OriginsOfOthersAsync(node.Name, OriginTally.HourOf(time.GetUtcNow()), cancellationToken))
        {
            var (delivered, failed) = all.GetValueOrDefault(other.Origin);
            all[other.Origin] = (delivered + other.Delivered, failed + other.Failed);
        }

        return all;
    }

    /// <summary>Stores the minutes that are over.</summary>
    public Task StoreAsync(CancellationToken cancellationToken) =>
        StoreAsync(HourOfMinutes.MinuteOf(DatabaseTime.Now(time) - Settling), cancellationToken);

    /// <summary>Stores what is left, the minute under way included: nothing more is sent.</summary>
    public Task StoreRestAsync(CancellationToken cancellationToken) => StoreAsync(new(long.MaxValue), cancellationToken);

    private async Task StoreAsync(DatabaseTime end, CancellationToken cancellationToken)
    {
        if (_next >= end)
            return;
        var minutes = pulse.Since(_next).Where(m => m.BeganAt < end).ToList();
        if (minutes.Count > 0)
        {
            var spans = recent.Since(OriginTally.SpanOf(minutes[0].BeganAt.ToMoment()), MaxOrigins);
            await store.WriteAsync(node.Name, minutes, spans, DatabaseTime.Now(time) - KeptFor, cancellationToken);
        }

        _next = end;
    }
}
