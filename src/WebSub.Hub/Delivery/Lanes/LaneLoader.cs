using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Secrets;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>Reads what runs begin with: their members, unless the last run left them in memory, and the entries they send first.</summary>
internal sealed class LaneLoader(
    LaneStore lanes,
    LaneCache cache,
    EntryCache entries,
    ILaneClaims claims,
    SecretBox secrets,
    IOptions<HubOptions> options,
    HubNode node,
    HubAddress address
)
{
    /// <summary>The members of lanes whose runs begin; those that stand at the cursor join (rule 7).</summary>
    public async Task<IReadOnlyList<(LaneRow Lane, LoadedLane Loaded)>> LoadAsync(
        IReadOnlyList<LaneRow> taken,
        CancellationToken cancellationToken
    )
    {
        var loaded = new List<(LaneRow, LoadedLane)>(taken.Count);
        var unknown = new List<LaneRow>();
        foreach (var lane in taken)
        {
            if (cache.Take(lane, claims.Expire) is { } kept)
                loaded.Add((lane, kept));
            else
                unknown.Add(lane);
        }

        if (unknown.Count > 0)
            loaded.AddRange((await ReadAsync(unknown, join: true, cancellationToken)).Select(l => (l.Lane, l)));
        return loaded;
    }

    /// <summary>The members of lanes that run, read again (rule 10).</summary>
    public async Task<IReadOnlyList<LoadedLane>> ReloadAsync(IReadOnlyCollection<LaneId> running, CancellationToken cancellationToken)
    {
        // The lanes are read first: what changes in between is read again with the next save.
        var rows = await lanes.ReadAsync(running, cancellationToken);
        return await ReadAsync(rows, join: false, cancellationToken);
    }

    /// <summary>What these lanes have to send first, by topic: mostly still in memory, as what was published a moment ago is.</summary>
    public async Task<ILookup<TopicId, LogEntry>> ReadEntriesAsync(IReadOnlyList<LaneRow> taken, CancellationToken cancellationToken)
    {
        var found = new List<LogEntry>(taken.Count);
        var unknown = new List<LaneId>();
        foreach (var lane in taken)
        {
            if (entries.Find(lane.TopicId, lane.Cursor + 1) is { } entry)
                found.Add(entry);
            else
                unknown.Add(lane.Id);
        }

        if (unknown.Count > 0)
            found.AddRange(await lanes.ReadEntriesAsync(unknown, LaneState.MaxAhead, cancellationToken));
        return found.ToLookup(e => e.TopicId);
    }

    /// <summary>Keeps what an ended run has left for the next one.</summary>
    public void Keep(LaneRun run, LaneSave last, LaneSaved saved)
    {
        if (saved is { Fenced: false, HasBehind: false } && run.Left is { } left)
            cache.Keep(left, last.Epoch);
    }

    private async Task<IReadOnlyList<LoadedLane>> ReadAsync(IReadOnlyList<LaneRow> read, bool join, CancellationToken cancellationToken)
    {
        var rows = await lanes.ReadMembersAsync(
            [.. read.Select(l => l.Id)],
            read.Where(l => l.Filtered).Select(l => l.Id).ToHashSet(),
            cancellationToken
        );
        var candidates = join ? rows.Where(r => r.Position is not null).Select(r => r.Id).ToList() : [];
        var joined = candidates.Count == 0 ? [] : (await lanes.JoinAsync(candidates, node.Name, cancellationToken)).ToHashSet();
        var members = rows.Where(r => r.Position is null || joined.Contains(r.Id))
            .Select(r => r.Position is null ? r : r with { Position = null })
            .ToLookup(r => r.LaneId);
        using var opener = secrets.Opener();
        return
        [
            .. read.Select(lane =>
                LoadedLane.Read(lane, TopicHeaders.Of(lane, address), members[lane.Id], opener, options.Value.Delivery.Signature)
            ),
        ];
    }
}
