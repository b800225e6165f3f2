using WebSub.Hub.Delivery;
using Xunit;

namespace WebSub.Hub.Tests.Delivery;

public sealed class SelfDoubtTests
{
    [Theory]
    [InlineData(10, 501, true)]
    [InlineData(10, 500, false)]
    [InlineData(9, 1000, false)]
    public void Count_OfAThousandAttempts_DoubtsOnlyWhenMostFail_AtManyOrigins(int origins, int failures, bool expected)
    {
        var doubt = new SelfDoubt();
        var doubts = false;

        for (var i = 0; i < 1000; i++) doubts |= doubt.Count($"http://{i % origins}", couldNotConnect: i >= 1000 - failures);

        Assert.Equal(expected, doubts);
    }

    [Fact]
    public void Count_AfterADoubt_StartsAnew()
    {
        var doubt = new SelfDoubt();
        for (var i = 0; i < 1000; i++) doubt.Count($"http://{i % 20}", couldNotConnect: true);

        var again = Enumerable.Range(0, 999).Any(i => doubt.Count($"http://{i % 20}", couldNotConnect: true));

        Assert.False(again);
    }

    [Fact]
    public void Count_OldFailures_AreForgotten()
    {
        var doubt = new SelfDoubt();
        for (var i = 0; i < 500; i++) doubt.Count($"http://{i % 20}", couldNotConnect: true);
        for (var i = 0; i < 999; i++) doubt.Count("http://good", couldNotConnect: false);

        var doubts = Enumerable.Range(0, 400).Any(i => doubt.Count($"http://{i % 20}", couldNotConnect: true));

        Assert.False(doubts);
    }
}
