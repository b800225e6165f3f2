using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>The runs of this node, found by lane and by topic.</summary>
internal sealed class RunningLanes
{
    private readonly Dictionary<LaneId, LaneRun> _byLane = [];
    private readonly Dictionary<TopicId, List<LaneRun>> _byTopic = [];

    public int Count => _byLane.Count;

    /// <summary>The lanes that run.</summary>
    public IReadOnlyCollection<LaneId> Lanes => _byLane.Keys;

    public IReadOnlyCollection<LaneRun> All => _byLane.Values;

    public LaneRun this[LaneId lane] => _byLane[lane];

    public IReadOnlyList<LaneRun> OfTopic(TopicId topic) => _byTopic.GetValueOrDefault(topic) ?? [];

    /// <summary>The lane's run, if it has one.</summary>
    public LaneRun? Find(LaneId lane) => _byLane.GetValueOrDefault(lane);

    public void Add(LaneRun run)
    {
        _byLane.Add(run.LaneId, run);
        if (!_byTopic.TryGetValue(run.TopicId, out var runs))
            _byTopic[run.TopicId] = runs = new(1);
        runs.Add(run);
    }

    public void Remove(LaneRun run)
    {
        _byLane.Remove(run.LaneId);
        var runs = _byTopic[run.TopicId];
        runs.Remove(run);
        if (runs.Count == 0)
            _byTopic.Remove(run.TopicId);
    }
}
