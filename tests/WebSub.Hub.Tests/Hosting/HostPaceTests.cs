using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Hosting;
using Xunit;

namespace WebSub.Hub.Tests.Hosting;

public sealed class HostPaceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Take_MoreThanAMinutesShare_GivesEachOneAfterTheOther()
    {
        var pace = new HostPace(perMinute: 3, _clock);

        var waits = Enumerable.Range(0, 6).Select(_ => pace.Take("a")?.TotalSeconds).ToList();

        Assert.Equal([null, null, null, 20, 40, 60], waits);
    }

    [Fact]
    public void Take_WhoComesAgainInTime_MayGo()
    {
        var pace = new HostPace(perMinute: 1, _clock);
        pace.Take("a");
        var second = pace.Take("a")!.Value;
        var third = pace.Take("a")!.Value;

        _clock.Advance(second);
        var gone = pace.Take("a");
        _clock.Advance(third - second);
        var goneToo = pace.Take("a");

        Assert.Equal((null, null), (gone, goneToo));
    }

    [Fact]
    public void Take_OfAnotherHost_DoesNotWait_UpperOrLowerCaseIsTheSame()
    {
        var pace = new HostPace(perMinute: 1, _clock);
        pace.Take("a.example");

        var other = pace.Take("b.example");
        var same = pace.Take("A.example");

        Assert.Null(other);
        Assert.NotNull(same);
    }

    [Fact]
    public void Take_AfterAMinutesRest_IsAsAtFirst()
    {
        var pace = new HostPace(perMinute: 2, _clock);
        for (var i = 0; i < 2; i++)
            pace.Take("a");

        _clock.Advance(TimeSpan.FromMinutes(1));
        var waits = Enumerable.Range(0, 3).Select(_ => pace.Take("a") is null).ToList();

        Assert.Equal([true, true, false], waits);
    }
}
