using BenchmarkDotNet.Attributes;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Hub.Tests.Delivery.Lanes;

namespace WebSub.Benchmarks;

/// <summary>
/// What a lane of 1,000 members adds to each of its deliveries: an attempt is placed, and ends well. The baseline notes the position of
/// each in an array and counts, which is what remains without failures, claims, leases and stragglers.
/// </summary>
[MemoryDiagnoser]
public class LaneEvents
{
    private const int Members = 1_000;
    private readonly LaneSandbox _lane = new(head: 0);
    private readonly LaneEffects _effects = new();
    private readonly List<Attempt> _attempts = [];
    private readonly long[] _positions = new long[Members];
    private long _head;

    /// <summary>The lane with its members, all at the head.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var rows = Enumerable.Range(1, Members).Select(i => LaneSandbox.Row(i)).ToArray();
        _lane.State.Apply(LaneEvent.Loaded(LaneSandbox.Read(_lane.Lane, rows), [], _lane.Now) with { Now = _lane.Now }, _effects);
        if (Lane() != Members || Lane() != Members)
            throw new InvalidOperationException("Not every member got the entry.");
    }

    /// <summary>An entry goes to all members, and the cursor is saved.</summary>
    [Benchmark(OperationsPerInvoke = Members)]
    public int Lane()
    {
        _head++;
        Apply(LaneEvent.HeadMoved(_head));
        Apply(LaneEvent.EntryRead(_head, LaneSandbox.Entry(_head)));
        _attempts.Clear();
        _attempts.AddRange(_effects.Attempts);
        foreach (var attempt in _attempts)
        {
            Apply(LaneEvent.Placed(attempt, claimCovers: true));
            Apply(LaneEvent.Completed(attempt, DeliveryOutcome.AcceptedWith(204)));
        }

        // With more to come the lane is not given back.
        Apply(LaneEvent.HeadMoved(_head + 1));
        Apply(LaneEvent.SaveBegins(othersWait: false));
        if (_effects.Save is { } save)
            Apply(LaneEvent.SaveEnded(save, _lane.Saved()));
        return _attempts.Count;
    }

    /// <summary>An array of positions.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Members)]
    public int Positions()
    {
        _head++;
        var served = 0;
        for (var i = 0; i < _positions.Length; i++)
        {
            _positions[i] = _head;
            served++;
        }

        return served;
    }

    private void Apply(LaneEvent happened)
    {
        _effects.TryReset();
        _lane.State.Apply(happened with { Now = _lane.Now, Chance = 0.5 }, _effects);
    }
}
