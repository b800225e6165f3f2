using WebSub.Subscriber.Health;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Health;

public sealed class PollRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WebSubHealthOptions Options = new();

    private static PollState Known =>
        new()
        {
            Due = Now,
            Pause = TimeSpan.FromHours(1),
            ETag = "\"1\"",
            Hash = "one",
            CheckedAt = Now.AddHours(-1),
        };

    [Fact]
    public void Content_ThatIsTheFirst_IsKnownFromThenOn()
    {
        var (next, verdict) = Decide(PollRule.First(Options, Now), "one");

        Assert.Equal(PollVerdict.First, verdict);
        Assert.Equal(("one", "\"new\"", Now), (next.Hash, next.ETag, next.CheckedAt));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("one")]
    public void Content_ThatIsUnchanged_IsAskedForMoreRarely_UpToTheLongestPause(string? hash)
    {
        var (next, verdict) = Decide(Known, hash);
        var (last, _) = Decide(Known with { Pause = TimeSpan.FromHours(23) }, hash);

        Assert.Equal((PollVerdict.Unchanged, TimeSpan.FromMinutes(90), Now.AddMinutes(90)), (verdict, next.Pause, next.Due));
        Assert.Equal((Options.PollAtMost, Now), (last.Pause, last.CheckedAt));
    }

    [Fact]
    public void Content_ThatIsNew_AndOfWhichTheHubHasTold_IsKnown_AndPolledAtThePaceOfTheDeliveries()
    {
        var (next, verdict) = Decide(Known, "two", delivered: Now.AddMinutes(-1), usual: TimeSpan.FromHours(3));

        Assert.Equal((PollVerdict.Told, "two", TimeSpan.FromHours(3)), (verdict, next.Hash, next.Pause));
    }

    [Fact]
    public void Content_ThatIsNew_AndNotDelivered_IsMissedOnlyAfterAWhile()
    {
        var (waiting, first) = Decide(Known, "two", delivered: Now.AddHours(-2));
        var (told, second) = Decide(waiting, "two", delivered: Now.AddMinutes(1));
        var (missed, third) = Decide(waiting, "two", delivered: Now.AddHours(-2));

        Assert.Equal((PollVerdict.Waiting, PollVerdict.Told, PollVerdict.Missed), (first, second, third));
        Assert.Equal(("one", "\"1\"", Now + Options.PollGrace), (waiting.Hash, waiting.ETag, waiting.Due));
        Assert.Equal(("two", null, "two", null), (told.Hash, told.FoundAt, missed.Hash, missed.FoundAt));
        Assert.Equal(Options.PollAtLeast, missed.Pause);
    }

    [Fact]
    public void Topic_ThatDoesNotAnswer_IsLeftAloneForAWhile_AndNothingIsForgotten()
    {
        var next = PollRule.Failed(Known, null, Options, Now);
        var asked = PollRule.Failed(Known, TimeSpan.FromHours(6), Options, Now);

        Assert.Equal(("one", Now.AddMinutes(90), Now.AddHours(6)), (next.Hash, next.Due, asked.Due));
    }

    private static (PollState Next, PollVerdict Verdict) Decide(
        PollState state,
        string? hash,
        DateTimeOffset? delivered = null,
        TimeSpan? usual = null
    ) => PollRule.Decide(state, new(hash, "\"new\"", null), delivered, usual, Options, Now);
}
