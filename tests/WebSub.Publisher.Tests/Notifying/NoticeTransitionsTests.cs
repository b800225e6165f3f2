using WebSub.Http;
using WebSub.Publisher.Storage;
using WebSub.Storage;

namespace WebSub.Publisher.Notifying;

public sealed class NoticeTransitionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly DatabaseTime Now = new(1_000_000_000_000_000);
    private static readonly RetrySettings Settings = new([5 * Second, 30 * Second, 3600 * Second], 86400 * Second, Second);
    private static readonly NoticeRow Notice = new()
    {
        TopicId = new(7),
        Topic = "t",
        Head = 5,
        Told = 2,
    };

    [Fact]
    public void After_Accepted_HubKnowsAndIsLeftAlone()
    {
        var decision = After(Notice with { Attempts = 3, FailingSince = Now - Second }, new(200));

        Assert.Equal(
            new NoticeDecision
            {
                Outcome = NoticeOutcome.Told,
                Told = 5,
                DueIfNewer = Now + Second,
            },
            decision
        );
    }

    [Fact]
    public void After_AcceptedContent_NextContentIsDueAtOnce()
    {
        var decision = After(Notice, new(202), sent: 3, wasContent: true);

        Assert.Equal(
            new NoticeDecision
            {
                Outcome = NoticeOutcome.Told,
                Told = 3,
                Due = Now,
                DueIfNewer = Now,
            },
            decision
        );
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 30)]
    [InlineData(2, 3600)]
    [InlineData(100, 3600)]
    public void After_ServerError_TopicWaitsLongerEachTime(int attempts, int seconds)
    {
        var decision = After(Notice with { Attempts = attempts }, new(500));

        Assert.Equal(
            (NoticeOutcome.PutOff, Now + (seconds * Second), 2L, attempts + 1L, DatabaseTime.Epoch),
            (decision.Outcome, decision.Due, decision.Told, decision.Attempts, decision.HubNotBefore)
        );
        Assert.Equal(Now + (Math.Min(seconds, 60) * Second), decision.DueIfNewer);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(301)]
    public void After_Refusal_TopicWaitsLongestAtOnce(int status)
    {
        var decision = After(Notice, new(status));

        Assert.Equal(
            (NoticeOutcome.PutOff, Now + (3600 * Second), Now + (60 * Second), DatabaseTime.Epoch),
            (decision.Outcome, decision.Due, decision.DueIfNewer, decision.HubNotBefore)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(429)]
    [InlineData(503)]
    public void After_HubIsNotThere_HubWaitsAndTopicStaysDue(int status)
    {
        var decision = After(Notice, new(status), hubFailures: 1);

        Assert.Equal(
            (NoticeOutcome.PutOff, Now, 2L, Now + (30 * Second), DatabaseTime.Epoch),
            (decision.Outcome, decision.Due, decision.HubFailures, decision.HubNotBefore, decision.HubHoldUntil)
        );
    }

    [Theory]
    [InlineData(503, 7200, 7200)]
    [InlineData(503, 1, 5)]
    [InlineData(429, 1_000_000, 86400)]
    public void After_HubNamesATime_LongerOneWins(int status, int retryAfter, int expected)
    {
        var decision = After(Notice, new(status, retryAfter));

        Assert.Equal(
            (Now + (expected * Second), Now + (Math.Min(retryAfter, 86400) * Second)),
            (decision.HubNotBefore, decision.HubHoldUntil)
        );
    }

    [Fact]
    public void After_TopicsRetryAfter_HoldsForNewUpdatesToo()
    {
        var decision = After(Notice, new(500, 600));

        Assert.Equal(
            (Now + (600 * Second), Now + (600 * Second), Now + (600 * Second)),
            (decision.Due, decision.DueIfNewer, decision.HoldUntil)
        );
    }

    [Theory]
    [InlineData(86399, nameof(NoticeOutcome.PutOff))]
    [InlineData(86400, nameof(NoticeOutcome.GivenUp))]
    public void After_FailingForTooLong_IsGivenUp(int seconds, string expected)
    {
        var decision = After(Notice with { FailingSince = Now - (seconds * Second) }, new(500));

        Assert.Equal(
            (expected, expected == nameof(NoticeOutcome.GivenUp), 2L),
            (decision.Outcome.ToString(), decision.Due is null, decision.Told)
        );
        Assert.True(decision.DueIfNewer > DatabaseTime.Epoch);
    }

    [Theory]
    [InlineData(413, 3, nameof(NoticeOutcome.Skipped))]
    [InlineData(413, 5, nameof(NoticeOutcome.PutOff))]
    [InlineData(403, 3, nameof(NoticeOutcome.PutOff))]
    public void After_ContentIsNotTaken_NewerContentGoesOn(int status, int sent, string expected)
    {
        var decision = After(Notice, new(status), sent, wasContent: true);

        Assert.Equal((expected, expected == nameof(NoticeOutcome.Skipped) ? sent : 2), (decision.Outcome.ToString(), decision.Told));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 6)]
    public void After_Jitter_StretchesTheDelay(double chance, int seconds) =>
        Assert.Equal(Now + (seconds * Second), After(Notice, new(500), chance: chance).Due);

    private static NoticeDecision After(
        NoticeRow notice,
        Answer answer,
        long sent = 5,
        bool wasContent = false,
        long hubFailures = 0,
        double chance = 0.5
    ) => NoticeTransitions.After(notice, sent, wasContent, answer.Response, hubFailures, Settings, Now, chance);

    private sealed record Answer(int Status, int? RetryAfterSeconds = null)
    {
        public HubResponse Response =>
            new()
            {
                Outcome = Status switch
                {
                    0 => HubOutcome.Unreachable,
                    < 300 => HubOutcome.Accepted,
                    < 400 => HubOutcome.BadRedirect,
                    429 or >= 500 => HubOutcome.Failed,
                    _ => HubOutcome.Refused,
                },
                StatusCode = Status,
                Explanation = "x",
                Hub = "h",
                RetryAfter = RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
    }
}
