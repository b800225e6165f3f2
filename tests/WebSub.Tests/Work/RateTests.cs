using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class RateTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Take_MoreThanAMinutesShare_GivesEachOneAfterTheOther()
    {
        var rate = PerMinute(3);

        var waits = Enumerable.Range(0, 6).Select(_ => rate.Take("a")?.TotalSeconds).ToList();

        Assert.Equal([null, null, null, 20, 40, 60], waits);
    }

    [Fact]
    public void Take_WhoComesAgainInTime_MayGo()
    {
        var rate = PerMinute(1);
        rate.Take("a");
        var second = rate.Take("a")!.Value;
        var third = rate.Take("a")!.Value;

        _clock.Advance(second);
        var gone = rate.Take("a");
        _clock.Advance(third - second);
        var goneToo = rate.Take("a");

        Assert.Equal((null, null), (gone, goneToo));
    }

    [Fact]
    public void Take_AfterACharge_WaitsAsIfItHadBeenUsedThatOften()
    {
        var rate = PerMinute(6);
        rate.Take("a");

        rate.Charge("a", 8);
        var (wait, other) = (rate.Take("a"), rate.Take("b"));

        Assert.Equal((40.0, null), (wait?.TotalSeconds, other));
    }

    [Fact]
    public void Take_OfAnotherHost_DoesNotWait_UpperOrLowerCaseIsTheSame()
    {
        var rate = PerMinute(1);
        rate.Take("a.example");

        var other = rate.Take("b.example");
        var same = rate.Take("A.example");

        Assert.Null(other);
        Assert.NotNull(same);
    }

    [Fact]
    public void Take_AfterAMinutesRest_IsAsAtFirst()
    {
        var rate = PerMinute(2);
        for (var i = 0; i < 2; i++)
            rate.Take("a");

        _clock.Advance(TimeSpan.FromMinutes(1));
        var waits = Enumerable.Range(0, 3).Select(_ => rate.Take("a") is null).ToList();

        Assert.Equal([true, true, false], waits);
    }

    [Fact]
    public void Take_ManyKeys_AreForgottenOnceTheyHaveRested()
    {
        var rate = PerMinute(1);
        for (var i = 0; i < 2000; i++)
            rate.Take($"{i}");
        var before = rate.Count;

        _clock.Advance(TimeSpan.FromMinutes(2));
        rate.Take("another");

        Assert.Equal((2000, 1), (before, rate.Count));
    }

    [Fact]
    public void Wait_MoreThanTheRate_IsSpreadOverTime()
    {
        var rate = new Rate(4, TimeSpan.FromSeconds(1), atOnce: 1, _clock, StringComparer.Ordinal);

        Task[] places = [.. Enumerable.Range(0, 5).Select(_ => rate.WaitAsync("a", CancellationToken.None))];

        Assert.Equal(1, places.Count(p => p.IsCompleted));
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(3, places.Count(p => p.IsCompleted));
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.All(places, p => Assert.True(p.IsCompletedSuccessfully));
    }

    private Rate PerMinute(int permits) => new(permits, TimeSpan.FromMinutes(1), permits, _clock, StringComparer.OrdinalIgnoreCase);
}
