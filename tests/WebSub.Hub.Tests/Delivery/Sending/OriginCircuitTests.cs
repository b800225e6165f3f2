using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Values;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

public sealed class OriginCircuitTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Circuit_AfterThirtySecondsOfSilence_Opens_AndLetsOneProbePass()
    {
        var circuit = new OriginCircuit(_clock);
        var early = circuit.Silent(Timestamp.Now(_clock), isProbe: false);
        _clock.Advance(TimeSpan.FromSeconds(30));

        var opened = circuit.Silent(Timestamp.Now(_clock), isProbe: false);
        var atOnce = circuit.TryPass();
        _clock.Advance(TimeSpan.FromSeconds(5));
        bool[] later = [circuit.TryPass(), circuit.TryPass()];

        Assert.False(early);
        Assert.True(opened);
        Assert.False(atOnce);
        Assert.Equal([true, false], later);
    }

    [Fact]
    public void Circuit_AnAnswerInBetween_StartsTheThirtySecondsAnew()
    {
        var circuit = new OriginCircuit(_clock);
        circuit.Silent(Timestamp.Now(_clock), isProbe: false);
        _clock.Advance(TimeSpan.FromSeconds(20));
        circuit.Answered(64);
        _clock.Advance(TimeSpan.FromSeconds(20));

        var opened = circuit.Silent(Timestamp.Now(_clock), isProbe: false);

        Assert.False(opened);
        Assert.True(circuit.TryPass());
    }

    [Fact]
    public void Circuit_ProbesThatFail_ComeAtGrowingDistances()
    {
        var circuit = Open();
        var waits = new List<double>();

        for (var i = 0; i < 8; i++)
        {
            var since = _clock.GetUtcNow();
            while (!circuit.TryPass())
                _clock.Advance(TimeSpan.FromSeconds(1));
            waits.Add((_clock.GetUtcNow() - since).TotalSeconds);
            circuit.Silent(Timestamp.Now(_clock), isProbe: true);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], waits);
    }

    [Fact]
    public void Circuit_AfterAnAnsweredProbe_AllowsMoreAndMore()
    {
        var circuit = Open();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(circuit.TryPass());
        var allowed = new List<int>();

        for (var i = 0; i < 6; i++)
        {
            circuit.Answered(most: 64);
            allowed.Add(circuit.Allowance);
        }

        Assert.Equal([2, 4, 8, 16, 32, int.MaxValue], allowed);
        Assert.True(circuit.IsForgettable);
    }

    [Fact]
    public void Circuit_AttemptsThatWereOnTheirWayWhenItOpened_PutOffNoProbe()
    {
        var circuit = Open();

        for (var i = 0; i < 8; i++)
            circuit.Silent(Timestamp.Now(_clock), isProbe: false);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True(circuit.TryPass());
    }

    [Fact]
    public void Circuit_TellsWhenTheNextProbeMayGo()
    {
        var circuit = Open();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var open = circuit.UntilProbe;
        _clock.Advance(TimeSpan.FromSeconds(4));
        circuit.TryPass();
        var probing = circuit.UntilProbe;
        circuit.Answered(most: 64);

        Assert.Equal([4, 10, 0], new[] { open, probing, circuit.UntilProbe }.Select(t => t.TotalSeconds));
    }

    [Fact]
    public void UntilProbe_DueAndNotBegun_IsThatOfTheNextOne()
    {
        var circuit = Open();

        _clock.Advance(TimeSpan.FromSeconds(5));
        var due = circuit.UntilProbe;
        _clock.Advance(TimeSpan.FromSeconds(1));
        var overdue = circuit.UntilProbe;

        Assert.Equal([10, 10], new[] { due, overdue }.Select(t => t.TotalSeconds));
    }

    [Fact]
    public void Circuit_ProbeThatWasNotMade_LetsAnotherPass()
    {
        var circuit = Open();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(circuit.TryPass());

        circuit.Abandon();

        Assert.True(circuit.TryPass());
    }

    [Fact]
    public void Circuit_AnsweredWhileClosed_AllowsEverythingAsBefore()
    {
        var circuit = new OriginCircuit(_clock);

        circuit.Answered(most: 64);

        Assert.Equal(int.MaxValue, circuit.Allowance);
        Assert.True(circuit.IsForgettable);
    }

    [Fact]
    public void IsForgettable_SilentOpenOrStillLimited_IsFalse()
    {
        var silent = new OriginCircuit(_clock);
        silent.Silent(Timestamp.Now(_clock), isProbe: false);
        var open = Open();
        var limited = Open();
        limited.Answered(most: 64);

        Assert.Equal([false, false, false], new[] { silent, open, limited }.Select(c => c.IsForgettable));
    }

    private OriginCircuit Open()
    {
        var circuit = new OriginCircuit(_clock);
        circuit.Silent(Timestamp.Now(_clock), isProbe: false);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(circuit.Silent(Timestamp.Now(_clock), isProbe: false));
        return circuit;
    }
}
