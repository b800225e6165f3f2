using System.Globalization;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Carries hints about new entries and changed subscriptions between the nodes of one PostgreSQL database by <c>NOTIFY</c>, coalesced (rule
/// 3). Lost hints are made up for by the poll of <c>topic_work</c> and by the next save of a run.
/// </summary>
internal sealed class ClusterSignals(
    HubNode node,
    HubDatabase database,
    LaneSignals signals,
    HeadSignals heads,
    LaneMembership membership,
    NamedSignals named,
    ClusterHints hints,
    HubClock time,
    ILogger<ClusterSignals> logger
) : HubLoop(node, hints, time, logger)
{
    private const string Channel = "websub_hub";
    private const int MaxPayload = 7000;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private Task? _listening;

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => Node.ReadyAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        _listening ??= ListenAsync(cancellationToken);
        var payload = new List<string>();
        foreach (var topic in hints.Heads.Keys)
        {
            if (hints.Heads.TryRemove(topic, out var head))
                payload.Add(string.Create(CultureInfo.InvariantCulture, $"{topic.Value}:{head}"));
        }

        foreach (var topic in hints.Changed.Keys)
        {
            if (hints.Changed.TryRemove(topic, out _))
                payload.Add(topic.Value.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var name in hints.Work.Keys)
        {
            if (hints.Work.TryRemove(name, out _))
                payload.Add(name);
        }

        foreach (var part in payload.Chunk(MaxPayload / 40))
            await database.Db.NotifyAsync(Channel, $"{Node.Name} {string.Join(',', part)}", cancellationToken);
        return LongestSleep;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        // Do not run within the call that starts the loop.
        await Task.Yield();
        await LastingConnection.KeepAsync(
            token => database.Db.ListenAsync(Channel, Hear, token),
            e => Log.ListenLost(Logger, e.Message),
            Time,
            cancellationToken
        );
    }

    /// <summary>A topic and its newest sequence, a topic alone whose subscriptions changed, or the name of a loop that has work.</summary>
    private void Hear(string payload)
    {
        var words = payload.Split(' ');
        if (words.Length != 2 || words[0] == Node.Name)
            return;
        foreach (var part in words[1].Split(','))
        {
            if (named.All.TryGetValue(part, out var signal))
                signal.Raise();
            var pair = part.Split(':');
            if (!long.TryParse(pair[0], CultureInfo.InvariantCulture, out var id))
                continue;
            var topic = new TopicId(id);
            if (pair.Length == 1)
                membership.Heard(topic);
            else if (long.TryParse(pair[1], CultureInfo.InvariantCulture, out var head))
            {
                signals.Raise(topic, head);
                heads.Raise(topic, head);
            }
        }
    }
}
