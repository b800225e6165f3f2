using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Lanes;

/// <summary>
/// What a lane of 1,000 healthy members allocates, counted on the one thread that it is on, so the count is the same on any machine.
/// </summary>
public sealed class LaneCostTests
{
    private const int Members = 1_000;
    private const int Rounds = 8;
    private const int MostBytesOfADelivery = 200;
    private const int MostBytesOfAMember = 200;
    private readonly LaneSandbox _lane = new(head: 0);
    private readonly LaneEffects _effects = new();
    private long _head;

    [Fact]
    public void Delivery_ToAHealthyMember_AllocatesItsAttemptAndLittleElse()
    {
        Load(Members);
        for (var i = 0; i < Rounds; i++)
            Deliver();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var served = Enumerable.Range(0, Rounds).Sum(_ => Deliver());
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Members * Rounds, served);
        Assert.InRange(bytes / served, 1, MostBytesOfADelivery);
    }

    [Fact]
    public void Member_InMemory_TakesAFewHundredBytes()
    {
        var rows = Enumerable.Range(1, Members).Select(i => LaneSandbox.Row(i)).ToArray();
        var read = LaneSandbox.Read(_lane.Lane, rows);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Apply(LaneEvent.Loaded(read, [], _lane.Now));
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Members, Deliver());
        Assert.InRange(bytes / Members, 1, MostBytesOfAMember);
    }

    private void Load(int members) =>
        Apply(
            LaneEvent.Loaded(LaneSandbox.Read(_lane.Lane, [.. Enumerable.Range(1, members).Select(i => LaneSandbox.Row(i))]), [], _lane.Now)
        );

    /// <summary>An entry goes to all members; returns how many got it. Nothing is saved, so that goes well sixteen times.</summary>
    private int Deliver()
    {
        _head++;
        Apply(LaneEvent.HeadMoved(_head));
        Apply(LaneEvent.EntryRead(_head, LaneSandbox.Entry(_head)));
        var attempts = _effects.Attempts.ToArray();
        foreach (var attempt in attempts)
        {
            Apply(LaneEvent.Placed(attempt, claimCovers: true));
            Apply(LaneEvent.Completed(attempt, DeliveryOutcome.AcceptedWith(204)));
        }

        return attempts.Length;
    }

    private void Apply(LaneEvent happened)
    {
        _effects.TryReset();
        _lane.State.Apply(happened with { Now = _lane.Now, Chance = 0.5 }, _effects);
    }
}
