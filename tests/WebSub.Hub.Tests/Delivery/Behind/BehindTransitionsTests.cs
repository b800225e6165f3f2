using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Hub.Tests.Delivery.Lanes;
using WebSub.Hub.Tests.Delivery.Sending;
using WebSub.Hub.Values;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Behind;

/// <summary>What becomes of a subscription that is behind (rules 20 to 24).</summary>
public sealed class BehindTransitionsTests
{
    private static readonly TimeSpan Second = LaneSandbox.Second;
    private static readonly DatabaseTime Now = LaneSandbox.Start;
    private static readonly TimeSpan[] Schedule = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(100)];

    private static readonly SubscriptionRow Row = LaneSandbox.Row(1) with
    {
        Position = 4,
        Head = 5,
        HeadAtClaim = 6,
        Epoch = 9,
        Version = 3,
        Attempts = 1,
        RetryAt = Now - TimeSpan.FromMicroseconds(1),
        LastAttemptAt = Now - (20 * Second),
    };

    [Fact]
    [Trait("Rule", "21")]
    public void Decide_Delivered_HasTheEntry_AndNothingMoreToRetry()
    {
        var save = Decide(Row with { Answered = 1 }, DeliveryOutcome.Delivered);

        Assert.NotNull(save);
        Assert.Equal((new SubscriptionId(1), 9, 5), (save.Id, save.Epoch, save.Position));
        Assert.Equal((0, 0, null, null), (save.Attempts, save.Answered, save.Due, save.NotBefore));
        Assert.Equal((Now, 3, null, null), (save.AttemptAt, save.Version, save.Status, save.Error));
        Assert.Null(save.DeadLetter);
    }

    [Fact]
    [Trait("Rule", "22")]
    public void Decide_AFailure_IsTriedAgainBySchedule_FromWhereItStands()
    {
        var save = Decide(Row, Refusal(500));

        Assert.NotNull(save);
        Assert.Equal((new SubscriptionId(1), 9, 4), (save.Id, save.Epoch, save.Position));
        Assert.Equal((2, 0, Now + (100 * Second), null), (save.Attempts, save.Answered, save.Due, save.NotBefore));
        Assert.Equal((Now, 3, 500, "The callback answered 500."), (save.AttemptAt, save.Version, save.Status, save.Error));
        Assert.Equal(6, save.HeadAtClaim);
        Assert.Null(save.DeadLetter);
    }

    [Theory]
    [Trait("Rule", "24")]
    [InlineData("latest", 2L, 2)]
    [InlineData("latest", null, 4)]
    [InlineData(null, 2L, 4)]
    public void Decide_AFailure_LeavesWhoWantsTheNewestOnlyWhereItWas(string? delivery, long? position, long saved)
    {
        var save = Decide(Row with { Delivery = delivery, Position = position }, Refusal(500));

        Assert.Equal(saved, save?.Position);
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(400, 0, 1)]
    [InlineData(400, 1, 2)]
    [InlineData(500, 1, 1)]
    public void Decide_AFailure_CountsTheAnswersThatSpeakOfThePayload(int status, long before, long after)
    {
        var save = Decide(Row with { Answered = before, Head = 7 }, Refusal(status));

        Assert.Equal(after, save?.Answered);
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(400, 2, 7, true)]
    [InlineData(400, 2, 6, true)]
    [InlineData(400, 2, 5, false)]
    [InlineData(400, 1, 7, false)]
    [InlineData(500, 2, 7, false)]
    public void Decide_AThirdAnswerAboutThePayload_WhileNewerEntriesWait_GivesItUp(int status, long answered, long head, bool givenUp)
    {
        var save = Decide(Row with { Answered = answered, Head = head }, Refusal(status));

        Assert.Equal(givenUp, save?.DeadLetter is not null);
    }

    [Fact]
    [Trait("Rule", "22")]
    public void Decide_WithAUsedUpSchedule_BuriesTheEntry_AndGoesOn()
    {
        var save = Decide(Row with { Attempts = 2 }, Refusal(500));

        Assert.NotNull(save);
        Assert.Equal(new DeadLetter(new(1), new(1), Row.Callback, 5, 3, 500, "The callback answered 500."), save.DeadLetter);
        Assert.Equal((5, 0, null, Now), (save.Position, save.Attempts, save.Due, save.AttemptAt));
        Assert.Equal((9, 3, 500, "The callback answered 500."), (save.Epoch, save.Version, save.Status, save.Error));
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(60, 60, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 100, 2)]
    public void Decide_AFailureBeforeTheScheduledTime_DoesNotUseTheScheduleUp(int ahead, int seconds, long attempts)
    {
        var save = Decide(Row with { RetryAt = Now + (ahead * Second) }, DeliveryOutcome.TimedOut);

        Assert.Equal((Now + (seconds * Second), attempts), (save?.Due, save?.Attempts));
    }

    [Theory]
    [Trait("Rule", "22")]
    [InlineData(60, 300, 300)]
    [InlineData(600, 300, 600)]
    public void Decide_AFailureBeforeTheScheduledTime_ThatAsksForAPause_WaitsForBoth(int ahead, int asked, int seconds)
    {
        var outcome = new DeliveryOutcome(DeliveryResult.Refused, 500, "x", TimeSpan.FromSeconds(asked));

        var save = Decide(Row with { RetryAt = Now + (ahead * Second) }, outcome);

        Assert.Equal((Now + (seconds * Second), Now + (asked * Second)), (save?.Due, save?.NotBefore));
    }

    [Fact]
    [Trait("Rule", "23")]
    public void Decide_Throttled_WaitsAsAsked_WithoutCounting_LongerEachTime()
    {
        var row = Row with { LastAttemptAt = Now - (40 * Second), NotBefore = Now - (10 * Second) };

        var save = Decide(row, new(DeliveryResult.Throttled, 429, "x", TimeSpan.FromSeconds(5)));

        Assert.Equal((1, Now + (60 * Second), Now + (60 * Second)), (save?.Attempts, save?.Due, save?.NotBefore));
    }

    [Fact]
    [Trait("Rule", "23")]
    public void Decide_Gone_EndsIt() => Assert.Null(Decide(Row, new(DeliveryResult.Gone, 410)));

    [Fact]
    [Trait("Rule", "14")]
    public void Straggler_IsClaimedByItsDeparture_WithAFirstAttempt()
    {
        var attempt = FakeAttempts.Of(LaneSandbox.Row(1) with { Epoch = 9 }, sequence: 5);

        var row = BehindTransitions.Straggler(attempt, "https://publisher.example/feed");
        var save = Decide(row, Refusal(500));

        Assert.Equal("https://publisher.example/feed", row.TopicUrl);
        Assert.NotNull(save);
        Assert.Equal((10, 4, 1, 5), (save.Epoch, save.Position, save.Attempts, save.HeadAtClaim));
        Assert.Equal(Now + (10 * Second), save.Due);
    }

    [Fact]
    [Trait("Rule", "14")]
    public void Straggler_DoesNotKnowOfNewerEntries_SoItsFirstFailureIsRetried()
    {
        var row = BehindTransitions.Straggler(FakeAttempts.Of(LaneSandbox.Row(1), sequence: 5), "https://publisher.example/feed");

        var save = Decide(row with { Answered = 2 }, Refusal(400));

        Assert.Null(save?.DeadLetter);
    }

    [Theory]
    [Trait("Rule", "21")]
    [InlineData(4, 5, 5, false)]
    [InlineData(4, 6, 5, true)]
    public void Next_WithoutPatterns_IsTheNextInOrder(long position, long head, long next, bool newerWaits)
    {
        var target = FakeAttempts.Of(Row with { Head = head }, 5).Target;

        Assert.Equal((next, newerWaits), BehindTransitions.Next(target, position, [], Now));
    }

    [Fact]
    [Trait("Rule", "24")]
    public void Next_ForWhoWantsTheNewestOnly_IsThat()
    {
        var target = FakeAttempts.Of(Row with { Head = 8, Delivery = "latest" }, 5).Target;

        Assert.Equal((8, false), BehindTransitions.Next(target, 4, [], Now));
    }

    [Theory]
    [Trait("Rule", "31")]
    [InlineData("", 9, false)]
    [InlineData("6", 6, false)]
    [InlineData("6 8", 6, true)]
    public void Next_WithPatterns_IsTheNextThatTheyCover(string covered, long next, bool newerWaits)
    {
        var target = FakeAttempts.Of(Row with { Head = 9, Patterns = [Pattern("aa.")] }, 5).Target;
        var ahead = Enumerable.Range(5, 5).Select(s => Message(s, covered.Contains(s.ToString(null, null), StringComparison.Ordinal)));

        Assert.Equal((next, newerWaits), BehindTransitions.Next(target, 4, [.. ahead], Now));
    }

    [Theory]
    [Trait("Rule", "31")]
    [InlineData(null, 504, false)]
    [InlineData(7, 7, true)]
    public void Next_WithPatterns_OfMoreThanCanBeLookedAt_GoesOnFromThere(int? covered, long next, bool newerWaits)
    {
        var target = FakeAttempts.Of(Row with { Head = 900, Patterns = [Pattern("aa.")] }, 5).Target;
        var ahead = Enumerable.Range(5, BehindTransitions.LookAhead).Select(s => Message(s, s == covered));

        Assert.Equal((next, newerWaits), BehindTransitions.Next(target, 4, [.. ahead], Now));
    }

    [Theory]
    [Trait("Rule", "16")]
    [InlineData(0, 0.0, 15)]
    [InlineData(0, 1.0, 22.5)]
    [InlineData(40, 0.5, 50)]
    public void PutOff_OfAnAttemptThatWasNotMade_ChangesOnlyWhenItIsDue(int wait, double chance, double seconds)
    {
        var putOff = BehindTransitions.PutOff(Row, TimeSpan.FromSeconds(wait), Now, chance);

        Assert.Equal(new PutOff(new(1), 9, Now + (seconds * Second)), putOff);
    }

    [Fact]
    public void Save_OfWhatWasNotSent_SaysWhereItStands()
    {
        var caughtUp = BehindSave.CaughtUp(Row with { Position = null });
        var skipped = BehindSave.Skipped(Row, 5);
        var pruned = BehindSave.Pruned(Row, 5);
        var unusable = BehindSave.Unusable(Row with { Answered = 1 }, Now + Second, "No.");

        Assert.Equal((5, 5, 5, 4), (caughtUp.Position, skipped.Position, pruned.Position, unusable.Position));
        Assert.All(
            [caughtUp, skipped, pruned, unusable],
            s => Assert.Equal((new SubscriptionId(1), 9, null, null), (s.Id, s.Epoch, s.AttemptAt, s.Version))
        );
        Assert.Equal(new DeadLetter(new(1), new(1), Row.Callback, 5, 1, null, DeadLetter.Pruned), pruned.DeadLetter);
        Assert.Equal(
            (1, 1, Now + Second, "Its row cannot be used: No."),
            (unusable.Attempts, unusable.Answered, unusable.Due, unusable.Error)
        );
    }

    private static BehindSave? Decide(SubscriptionRow row, DeliveryOutcome outcome) =>
        BehindTransitions.Decide(row, 5, outcome, Schedule, Now, chance: 0.5);

    private static DeliveryOutcome Refusal(int status) => new(DeliveryResult.Refused, status, $"The callback answered {status}.");

    private static PatternRow Pattern(string pattern) => new() { Pattern = pattern, LeaseEnd = LaneSandbox.LeaseEnd };

    private static LogEntry Message(long sequence, bool covered) =>
        LaneSandbox.Entry(sequence) with
        {
            Predicate = covered ? "aa.bb" : "cc",
        };
}
