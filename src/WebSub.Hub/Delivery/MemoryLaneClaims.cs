using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>The queue of lanes of the one process that uses a SQLite database, rebuilt at its start from <c>cursor &lt; head</c>; no claim is ever written (rule 27).</summary>
internal sealed class MemoryLaneClaims(LaneStore lanes) : ILaneClaims
{
    private readonly Queue<long> _queue = new();
    private readonly HashSet<long> _queued = [];
    private bool _rescan = true;

    /// <inheritdoc/>
    public void Rescan() => _rescan = true;

    /// <inheritdoc/>
    public bool HasMore => _queue.Count > 0;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LaneRow>> TakeAsync(IReadOnlyCollection<long> topics, IReadOnlySet<long> running, int max, CancellationToken cancellationToken)
    {
        if (_rescan) topics = [.. topics, .. await lanes.FindTopicsWithWorkAsync(cancellationToken)];

        if (topics.Count > 0)
        {
            foreach (var lane in await lanes.FindWorkAsync(topics, cancellationToken))
            {
                if (!running.Contains(lane) && _queued.Add(lane)) _queue.Enqueue(lane);
            }
        }

        _rescan = false;
        var taken = new List<long>();
        while (taken.Count < max && _queue.TryDequeue(out var lane))
        {
            _queued.Remove(lane);
            if (!running.Contains(lane)) taken.Add(lane);
        }

        return taken.Count == 0 ? [] : await lanes.ReadAsync(taken, cancellationToken);
    }
}
