using System.Collections.Concurrent;
using System.Globalization;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>
/// Carries hints of new entries between the nodes of one PostgreSQL database by <c>NOTIFY</c>, coalesced (rule 3). What gets lost is found by the poll of
/// <c>topic_work</c>; on SQLite, with its one process, nothing is carried.
/// </summary>
internal sealed class ClusterSignals(HubNode node, HubDatabase database, LaneSignals signals, ClusterWakeup wakeup, HubClock time, ILogger<ClusterSignals> logger)
    : HubLoop(node, wakeup, time, logger)
{
    private const string Channel = "websub_hub";
    private const int MaxPayload = 7000;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<long, long> _heads = wakeup.Heads;
    private Task? _listening;

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (database.Db.Dialect == SqlDialect.Sqlite)
        {
            _heads.Clear();
            return LongestSleep;
        }

        if (_listening is null or { IsCompleted: true }) _listening = database.Db.ListenAsync(Channel, Hear, cancellationToken);
        var payload = new List<string>();
        foreach (var topic in _heads.Keys)
        {
            if (_heads.TryRemove(topic, out var head)) payload.Add(string.Create(CultureInfo.InvariantCulture, $"{topic}:{head}"));
        }

        foreach (var part in payload.Chunk(MaxPayload / 40)) await database.Db.NotifyAsync(Channel, $"{Node.Name} {string.Join(',', part)}", cancellationToken);
        return LongestSleep;
    }

    private void Hear(string payload)
    {
        var words = payload.Split(' ');
        if (words.Length != 2 || words[0] == Node.Name) return;
        foreach (var part in words[1].Split(','))
        {
            var pair = part.Split(':');
            if (pair.Length == 2 && long.TryParse(pair[0], CultureInfo.InvariantCulture, out var topic) && long.TryParse(pair[1], CultureInfo.InvariantCulture, out var head)) signals.Raise(topic, head);
        }
    }
}
