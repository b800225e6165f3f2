using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.OneProcess;

/// <summary>
/// The lanes with work on a SQLite database, which has one process; rebuilt at startup from <c>cursor &lt; head</c>. No claim is ever
/// written (rule 27). Lanes take turns in the order of their ids: neighbours share pages of the database, so a batch of them is read and
/// saved with few pages.
/// </summary>
internal sealed class MemoryLaneClaims(LaneStore lanes, LaneCache cache) : ILaneClaims
{
    private readonly Dictionary<LaneId, long> _heads = [];
    private readonly SortedSet<LaneId> _waiting = new(Comparer<LaneId>.Create((a, b) => a.Value.CompareTo(b.Value)));
    private LaneId _last;
    private bool _rescan = true;

    /// <inheritdoc/>
    public void Rescan() => _rescan = true;

    /// <inheritdoc/>
    public bool Expire => false;

    /// <inheritdoc/>
    public bool Cover(Timestamp claimedAt) => true;

    /// <inheritdoc/>
    public bool MayHaveLost(Timestamp timestamp) => false;

    /// <inheritdoc/>
    public bool HasMore => _waiting.Count > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneRow>> TakeAsync(
        IReadOnlyCollection<TopicId> topics,
        IReadOnlyCollection<LaneId> running,
        int max,
        CancellationToken cancellationToken
    )
    {
        if (_rescan)
            topics = [.. topics, .. await lanes.FindTopicsWithWorkAsync(cancellationToken)];
        IReadOnlyList<(LaneId LaneId, long Head)> work = topics.Count == 0 ? [] : await lanes.FindWorkAsync(topics, cancellationToken);
        foreach (var (lane, head) in work)
        {
            if (running.Contains(lane))
                continue;
            _waiting.Add(lane);
            _heads[lane] = head;
        }

        _rescan = false;
        return await ReadAsync(Next(max), cancellationToken);
    }

    private List<LaneId> Next(int max)
    {
        var taken = _waiting.GetViewBetween(new(_last.Value + 1), new(long.MaxValue)).Take(max).ToList();
        if (taken.Count == 0)
            taken.AddRange(_waiting.Take(max));
        if (taken.Count > 0)
            _last = taken[^1];
        _waiting.ExceptWith(taken);
        return taken;
    }

    /// <summary>
    /// Of lanes kept in memory, only what runs and changes of members write is read; lanes that have changed are read in full. Their heads
    /// came with the signals of their work.
    /// </summary>
    private async Task<IReadOnlyList<LaneRow>> ReadAsync(List<LaneId> taken, CancellationToken cancellationToken)
    {
        var kept = new Dictionary<LaneId, LaneRow>(taken.Count);
        var unknown = new List<LaneId>();
        foreach (var lane in taken)
        {
            _heads.Remove(lane, out var head);
            // For a topic of predicates the number of patterns, which is stored with the topic, matters as well.
            if (cache.Find(lane) is { Filtered: false } known)
                kept[lane] = known with { Head = head };
            else
                unknown.Add(lane);
        }

        var read = new List<LaneRow>(taken.Count);
        foreach (var row in kept.Count == 0 ? [] : await lanes.ReadAgainAsync(kept, cancellationToken))
        {
            if (kept[row.Id].IsSameAs(row))
                read.Add(row);
            else
                unknown.Add(row.Id);
        }

        if (unknown.Count > 0)
            read.AddRange(await lanes.ReadAsync(unknown, cancellationToken));
        return read;
    }
}
