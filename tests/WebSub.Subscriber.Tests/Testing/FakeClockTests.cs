using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.Testing;

public sealed class FakeClockTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void Advance_PastTimers_FiresEachAtItsOwnTimeInOrder()
    {
        var fired = new List<(string, double)>();
        var start = _clock.GetUtcNow();
        using var late = _clock.CreateTimer(
            _ => fired.Add(("late", (_clock.GetUtcNow() - start).TotalSeconds)),
            null,
            TimeSpan.FromSeconds(3),
            Timeout.InfiniteTimeSpan
        );
        using var early = _clock.CreateTimer(
            _ => fired.Add(("early", (_clock.GetUtcNow() - start).TotalSeconds)),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );
        using var never = _clock.CreateTimer(_ => fired.Add(("never", 0)), null, TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(2.5));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([("early", 1), ("early", 2), ("late", 3), ("early", 3)], fired);
        Assert.Equal(start.AddSeconds(3.5), _clock.GetUtcNow());
        Assert.Equal(2, _clock.WaitingTimers);
    }

    [Fact]
    public async Task Delay_OnTheClock_EndsWhenItPasses()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _clock, TestContext.Current.CancellationToken);

        _clock.Advance(TimeSpan.FromMinutes(59));
        var early = delay.IsCompleted;
        _clock.AdvanceTo(_clock.GetUtcNow().AddMinutes(1));
        await delay;

        Assert.False(early);
        Assert.Equal(TimeSpan.FromHours(1), _clock.GetElapsedTime(new FakeClock().GetTimestamp()));
    }

    [Fact]
    public void Advance_Backwards_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
}
