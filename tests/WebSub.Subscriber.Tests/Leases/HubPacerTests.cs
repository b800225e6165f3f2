using WebSub.Subscriber.Leases;
using Xunit;

namespace WebSub.Subscriber.Tests.Leases;

public sealed class HubPacerTests
{
    [Fact]
    public void Reserve_ManyAtOnce_SpreadsThemOverTheSeconds()
    {
        var sut = new HubPacer(5);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var places = Enumerable.Range(0, 100).Select(_ => sut.Reserve(Guid.NewGuid(), "hub", now)).ToList();

        Assert.Equal(5, places.Count(p => p == now));
        Assert.All(Enumerable.Range(1, 18), second => Assert.Equal(5, places.Count(p => p > now.AddSeconds(second - 1) && p <= now.AddSeconds(second))));
    }

    [Fact]
    public void Reserve_AtItsPlace_Goes()
    {
        var sut = new HubPacer(1);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var late = Guid.NewGuid();
        sut.Reserve(Guid.NewGuid(), "hub", now);

        var place = sut.Reserve(late, "hub", now);

        Assert.Equal(now.AddSeconds(1), place);
        Assert.Equal(place, sut.Reserve(late, "hub", now));
        Assert.Equal(place, sut.Reserve(late, "hub", place));
        Assert.Equal(now, sut.Reserve(Guid.NewGuid(), "other hub", now));
    }
}
