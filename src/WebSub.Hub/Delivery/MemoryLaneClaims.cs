using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>
/// The lanes with work of the one process that uses a SQLite database, rebuilt at its start from <c>cursor &lt; head</c>; no claim is ever written (rule 27). They have
/// their turn by their ids, round and round: neighbours share pages of the database, so a batch of them is read and saved with a few of these.
/// </summary>
internal sealed class MemoryLaneClaims(LaneStore lanes) : ILaneClaims
{
    private readonly SortedSet<long> _waiting = [];
    private long _last;
    private bool _rescan = true;

    /// <inheritdoc/>
    public void Rescan() => _rescan = true;

    /// <inheritdoc/>
    public bool HasMore => _waiting.Count > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneRow>> TakeAsync(IReadOnlyCollection<long> topics, IReadOnlyCollection<long> running, int max, CancellationToken cancellationToken)
    {
        if (_rescan) topics = [.. topics, .. await lanes.FindTopicsWithWorkAsync(cancellationToken)];

        if (topics.Count > 0) _waiting.UnionWith((await lanes.FindWorkAsync(topics, cancellationToken)).Where(lane => !running.Contains(lane)));
        _rescan = false;
        var taken = Next(max);
        return taken.Count == 0 ? [] : await lanes.ReadAsync(taken, cancellationToken);
    }

    private List<long> Next(int max)
    {
        var taken = _waiting.GetViewBetween(_last + 1, long.MaxValue).Take(max).ToList();
        if (taken.Count == 0) taken.AddRange(_waiting.Take(max));
        if (taken.Count > 0) _last = taken[^1];
        _waiting.ExceptWith(taken);
        return taken;
    }
}
