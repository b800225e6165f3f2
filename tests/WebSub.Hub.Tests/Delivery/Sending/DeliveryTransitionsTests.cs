using WebSub.Hub.Delivery.Sending;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Sending;

public sealed class DeliveryTransitionsTests
{
    private static readonly TimeSpan[] Schedule = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100)];

    [Fact]
    [Trait("Req", "S22")]
    public void Decide_Delivered_Advances()
    {
        var decision = Decide(DeliveryOutcome.Delivered, attempts: 1);

        Assert.IsType<DeliveryDecision.Advance>(decision);
    }

    [Fact]
    public void Decide_Gone_Ends()
    {
        var decision = Decide(new(DeliveryResult.Gone, 410), attempts: 0);

        Assert.IsType<DeliveryDecision.End>(decision);
    }

    [Theory]
    [InlineData(0, 0.0, 8)]
    [InlineData(0, 0.5, 10)]
    [InlineData(0, 1.0, 12)]
    [InlineData(1, 0.5, 100)]
    public void Decide_Failure_WaitsBySchedule_WithTwentyPercentJitter(long attempts, double random, double seconds)
    {
        var decision = DeliveryTransitions.Decide(new(DeliveryResult.Refused, 500), new(attempts, 0, false), Schedule, random);

        var retry = Assert.IsType<DeliveryDecision.Retry>(decision);
        Assert.Equal(seconds, retry.After.TotalSeconds, precision: 6);
        Assert.Equal(attempts + 1, retry.Attempts);
    }

    [Fact]
    [Trait("Req", "H29")]
    public void Decide_FailureWithUsedUpSchedule_GivesTheEntryUp()
    {
        var decision = Decide(DeliveryOutcome.TimedOut, attempts: 2);

        Assert.Equal(3, Assert.IsType<DeliveryDecision.GiveUp>(decision).Attempts);
    }

    [Theory]
    [InlineData(500, 500)]
    [InlineData(5, 10)]
    [InlineData(10 * 86400, 86400)]
    public void Decide_FailureWithRetryAfter_WaitsTheLonger_AtMostADay(double asked, double seconds)
    {
        var decision = Decide(new(DeliveryResult.Refused, 500, RetryAfter: TimeSpan.FromSeconds(asked)), attempts: 0);

        Assert.Equal(seconds, Assert.IsType<DeliveryDecision.Retry>(decision).After.TotalSeconds, precision: 6);
    }

    [Fact]
    public void Decide_Throttled_WaitsWithoutCounting()
    {
        var decision = Decide(new(DeliveryResult.Throttled, 429, RetryAfter: TimeSpan.FromSeconds(7)), attempts: 2);

        var retry = Assert.IsType<DeliveryDecision.Retry>(decision);
        Assert.Equal(7, retry.After.TotalSeconds);
        Assert.Equal(2, retry.Attempts);
    }

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(1, 1.0, 2)]
    [InlineData(1, 64.0, 128)]
    [InlineData(1, 3000.0, 3600)]
    [InlineData(5000, 3000.0, 5000)]
    [InlineData(2, 1.0, 2)]
    [InlineData(0, 0.5, 1)]
    public void Decide_ThrottledAgainAndAgain_WaitsLongerAndLonger(double asked, double? before, double seconds)
    {
        var history = new DeliveryHistory(2, 0, NewerWaits: true, Paused: before is { } paused ? TimeSpan.FromSeconds(paused) : null);

        var decision = DeliveryTransitions.Decide(
            new(DeliveryResult.Throttled, 429, RetryAfter: TimeSpan.FromSeconds(asked)),
            history,
            Schedule,
            random: 0.5
        );

        Assert.Equal(new DeliveryDecision.Retry(TimeSpan.FromSeconds(seconds), 2), decision);
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(true, 2, 400, true)]
    [InlineData(true, 2, 406, true)]
    [InlineData(true, 2, 413, true)]
    [InlineData(true, 2, 415, true)]
    [InlineData(true, 2, 422, true)]
    [InlineData(true, 1, 400, false)]
    [InlineData(false, 2, 400, false)]
    [InlineData(true, 9, 301, false)]
    [InlineData(true, 9, 401, false)]
    [InlineData(true, 9, 403, false)]
    [InlineData(true, 9, 404, false)]
    [InlineData(true, 9, 408, false)]
    [InlineData(true, 9, 500, false)]
    [InlineData(true, 9, 502, false)]
    [InlineData(true, 9, 503, false)]
    public void Decide_ThirdAnswerThatSpeaksOfThePayload_WhileNewerEntriesWait_GivesTheEntryUp(
        bool newerWaits,
        long answered,
        int status,
        bool givenUp
    )
    {
        var decision = DeliveryTransitions.Decide(new(DeliveryResult.Refused, status), new(1, answered, newerWaits), Schedule, random: 0.5);

        Assert.Equal(givenUp ? new DeliveryDecision.GiveUp(2) : new DeliveryDecision.Retry(TimeSpan.FromSeconds(100), 2), decision);
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(DeliveryResult.ConnectFailed)]
    [InlineData(DeliveryResult.Broken)]
    [InlineData(DeliveryResult.TimedOut)]
    [InlineData(DeliveryResult.AddressRefused)]
    public void Decide_FailureWithoutAnAnswer_FollowsTheWholeSchedule(object result)
    {
        var decision = DeliveryTransitions.Decide(new((DeliveryResult)result), new(0, 9, NewerWaits: true), Schedule, random: 0.5);

        Assert.Equal(new DeliveryDecision.Retry(TimeSpan.FromSeconds(10), 1), decision);
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(2, null, 0)]
    [InlineData(9, null, 0)]
    [InlineData(0, 300.0, 300)]
    public void Decide_FailureOfAnExtraAttempt_DoesNotUseUpTheSchedule(long attempts, double? asked, double seconds)
    {
        var decision = DeliveryTransitions.Decide(
            new(DeliveryResult.Refused, 500, RetryAfter: asked is { } wait ? TimeSpan.FromSeconds(wait) : null),
            new(attempts, 0, NewerWaits: true, IsExtra: true),
            Schedule,
            random: 0.5
        );

        Assert.Equal(new DeliveryDecision.Retry(TimeSpan.FromSeconds(seconds), attempts), decision);
    }

    private static DeliveryDecision Decide(DeliveryOutcome outcome, long attempts) =>
        DeliveryTransitions.Decide(outcome, new(attempts, 0, false), Schedule, random: 0.5);
}
