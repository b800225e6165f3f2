using WebSub.Hub.Delivery.Sending;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

public sealed class SelfDoubtTests
{
    private readonly SelfDoubt _doubt = new();

    [Theory]
    [InlineData(10, 501, true)]
    [InlineData(10, 500, false)]
    [InlineData(9, 1000, false)]
    public void Count_OfAThousandAttempts_DoubtsOnlyWhenMostFail_AtManyOrigins(int origins, int failures, bool expected)
    {
        for (var i = 0; i < 1000; i++)
            Count($"http://{i % origins}", couldNotConnect: i >= 1000 - failures);

        Assert.Equal(expected, _doubt.Doubts);
    }

    [Fact]
    public void Count_WhileSomebodyAnswers_NeverDoubts_HoweverManyFail()
    {
        for (var i = 0; i < 5000; i++)
            Count(i % 90 == 0 ? "http://good" : $"http://{i}", couldNotConnect: i % 90 != 0);

        Assert.False(_doubt.Doubts);
    }

    [Fact]
    public void Doubt_StaysUntilSomebodyAnswers_ThenCountingStartsAnew()
    {
        for (var i = 0; i < 3000; i++)
            Count($"http://{i % 20}", couldNotConnect: true);
        var doubted = _doubt.Doubts;

        Count("http://good", couldNotConnect: false);
        var answered = _doubt.Doubts;
        for (var i = 0; i < 999; i++)
            Count($"http://{i % 20}", couldNotConnect: true);

        Assert.True(doubted);
        Assert.False(answered);
        Assert.False(_doubt.Doubts);
    }

    [Fact]
    public void Doubt_IsNotEndedByAnAnswerToWhatWasSentBefore()
    {
        for (var i = 0; i < 1000; i++)
            Count($"http://{i % 20}", couldNotConnect: true, at: 5);

        Count("http://good", couldNotConnect: false, at: 4);

        Assert.True(_doubt.Doubts);
    }

    [Fact]
    public void Count_OldFailures_AreForgotten()
    {
        for (var i = 0; i < 500; i++)
            Count($"http://{i % 20}", couldNotConnect: true);
        for (var i = 0; i < 999; i++)
            Count("http://good", couldNotConnect: false);

        for (var i = 0; i < 400; i++)
            Count($"http://{i % 20}", couldNotConnect: true);

        Assert.False(_doubt.Doubts);
    }

    private void Count(string origin, bool couldNotConnect, long at = 0) =>
        _doubt.Count(origin, couldNotConnect, answered: !couldNotConnect, sentAt: new(at), now: new(at));
}
