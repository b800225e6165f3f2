using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.History;

/// <summary>Prunes the logs: topics that have grown at once, entries that have grown old hourly (rule 29).</summary>
internal sealed class HistorySweep(HubNode node, IOptions<HubOptions> options, HistoryStore history, HistorySignal signal, HubClock time, ILogger<HistorySweep> logger)
    : HubLoop(node, signal, time, logger)
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private long? _lastAged;

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = UnixMicroseconds.Now(Time);
        var topics = signal.Take().ToHashSet();
        if (_lastAged is null || now - _lastAged >= UnixMicroseconds.From(Every))
        {
            _lastAged = now;
            topics.UnionWith(await history.FindAgedAsync(now - (options.Value.History.Days * MicrosecondsPerDay), cancellationToken));
        }

        foreach (var topic in topics) await history.PruneAsync(topic, options.Value.History, now - (options.Value.History.Days * MicrosecondsPerDay), now, cancellationToken);
        return Every;
    }
}
