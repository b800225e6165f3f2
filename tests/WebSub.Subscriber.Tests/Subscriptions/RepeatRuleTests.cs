using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Subscriptions;

public sealed class RepeatRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("t/1", "t/1", false, false)]
    [InlineData("t/1", "t/2", false, true)]
    [InlineData("t/1", "t/2", true, true)]
    [InlineData("t/9", "t/10", true, true)]
    [InlineData("t/2", "t/1", true, false)]
    [InlineData("t/1", "u/2", true, false)]
    [InlineData("t/1", "t/invented", true, false)]
    [InlineData("t/1", "invented", true, false)]
    [InlineData("t/1", "t/-2", true, false)]
    [InlineData("t/1", "t/99999999999999999999", true, false)]
    [InlineData("t/1", null, true, false)]
    [InlineData("one", "two", true, false)]
    [InlineData("one", "two", false, true)]
    [InlineData(null, "t/2", true, false)]
    [InlineData(null, null, true, false)]
    [InlineData(null, null, false, true)]
    public void Judge_SameBodyAMinuteLater_IsNewOnlyIfNobodyCouldHaveSentItAgain(string? before, string? id, bool isSigned, bool isNew)
    {
        var rule = RepeatRule.Of(new());

        var verdict = rule.Judge(Mark(id, isSigned: isSigned), [Earlier(before, Now.AddMinutes(-1))]);

        Assert.Equal(isNew, verdict.IsNew);
    }

    [Fact]
    public void Judge_NumbersAreNotTrusted_NeitherALaterOneNorAReplayIsNew()
    {
        var rule = RepeatRule.Of(new() { TrustNumberedIds = false });

        var later = rule.Judge(Mark("t/2", isSigned: true), [Earlier("t/1", Now)]);
        var replay = rule.Judge(Mark("t/1", replay: "1", isSigned: true), [Earlier("t/1", Now)]);

        Assert.Equal((false, false), (later.IsNew, replay.IsNew));
    }

    [Fact]
    public void Judge_OperatorsReplay_IsNewOnce()
    {
        var rule = RepeatRule.Of(new());

        var first = rule.Judge(Mark("t/1", replay: "1", isSigned: true), [Earlier("t/1", Now)]);
        var again = rule.Judge(Mark("t/1", replay: "1", isSigned: true), [Earlier("t/1", Now), Earlier("t/1", Now, replay: "1")]);

        Assert.Equal((true, false), (first.IsNew, again.IsNew));
    }

    [Theory]
    [InlineData(599, false)]
    [InlineData(600, true)]
    public void Judge_SignedBodyAfterTheWindow_IsNew(int seconds, bool isNew)
    {
        var verdict = RepeatRule.Of(new()).Judge(Mark("invented", isSigned: true), [Earlier("before", Now.AddSeconds(-seconds))]);

        Assert.Equal(isNew, verdict.IsNew);
    }

    [Fact]
    public void Judge_NothingEarlier_IsNew() => Assert.True(RepeatRule.Of(new()).Judge(Mark(null, isSigned: true), []).IsNew);

    private static DeliveryMark Mark(string? id, string replay = "", bool isSigned = false) => new(id, replay, null, isSigned, Now);

    private static EarlierDelivery Earlier(string? id, DateTimeOffset at, string replay = "") =>
        new(1, new(id, replay, null, false, at), []);
}
