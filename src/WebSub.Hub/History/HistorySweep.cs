using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.History;

/// <summary>
/// Prunes the logs: of topics that have grown, at once; of old entries, hourly (rule 29). Topics that are no longer wanted go hourly, too.
/// </summary>
internal sealed class HistorySweep(
    IOptions<HubOptions> options,
    HistoryStore history,
    LeftoverStore leftovers,
    HistorySignal signal,
    HubClock time
) : MaintenanceTask(Every, signal)
{
    private const int Step = 100;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private DatabaseTime? _lastAged;

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(time);
        var before = now - TimeSpan.FromDays(options.Value.History.Days);
        var topics = signal.Take().ToHashSet();
        var isHourly = _lastAged is not { } last || now - last >= Every;
        if (isHourly)
        {
            _lastAged = now;
            topics.UnionWith(await history.FindAgedAsync(before, cancellationToken));
        }

        foreach (var topic in topics)
            await history.PruneAsync(topic, options.Value.History, before, now, cancellationToken);
        if (isHourly)
            await DropAsync(before, now, cancellationToken);
        return false;
    }

    private async Task DropAsync(DatabaseTime before, DatabaseTime now, CancellationToken cancellationToken)
    {
        var after = new TopicId(long.MinValue);
        while (await leftovers.FindTopicsAsync(after, before, Step, cancellationToken) is { Count: > 0 } unwanted)
        {
            await leftovers.DropTopicsAsync(unwanted, before, cancellationToken);
            after = unwanted[^1];
        }

        while (await leftovers.DropDeadLettersAsync(before, Step, now, cancellationToken) == Step)
        {
            // There may be more to prune.
        }
    }
}
