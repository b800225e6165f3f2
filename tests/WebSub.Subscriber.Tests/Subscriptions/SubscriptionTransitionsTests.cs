using WebSub.Http;
using WebSub.Protocol;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Subscriptions;

public sealed class SubscriptionTransitionsTests
{
    private const string Hub = "https://hub.example/";
    private const string Topic = "https://news.example/feed";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly WebSubRetryOptions _retry = new()
    {
        MaxConnectAttempts = 3,
        MaxHubErrorAttempts = 3,
        MaxVerifyAttempts = 2,
    };
    private int _made;

    [Fact]
    [Trait("Req", "S31")]
    public void Sending_FirstTime_StoresWhatTheHubWillBeAsked()
    {
        var sut = CreateSut();
        var wanted = Wanted();

        var next = sut.Sending(wanted, wanted.Pending!.Id, Hub, Topic, Now)!.Next;

        Assert.Equal(
            (Hub, Topic, "key1", "secret2"),
            (next.Pending!.Hub, next.Pending.Topic, next.Pending.CallbackKey, next.Pending.Secret)
        );
        Assert.Equal((WebSubRequestState.Sending, Now, Now.AddSeconds(60)), (next.Pending.State, next.Pending.SentAt, next.Due));
    }

    [Fact]
    [Trait("Req", "S6")]
    public void Sending_ToAnotherHubOrTopic_ChangesKeyAndSecret()
    {
        var sut = CreateSut();
        var renewing = sut.TimePassed(Active(), Now.AddHours(18))!.Next;

        var same = sut.Sending(renewing, renewing.Pending!.Id, Hub, Topic, Now)!.Next.Pending!;
        var otherHub = sut.Sending(renewing, renewing.Pending.Id, "https://other.example/", Topic, Now)!.Next.Pending!;
        var otherTopic = sut.Sending(renewing, renewing.Pending.Id, Hub, Topic + "2", Now)!.Next.Pending!;

        Assert.Equal(("key", "old"), (same.CallbackKey, same.Secret));
        Assert.NotEqual("key", otherHub.CallbackKey);
        Assert.NotEqual("old", otherHub.Secret);
        Assert.NotEqual("key", otherTopic.CallbackKey);
    }

    [Theory]
    [Trait("Req", "S10")]
    [InlineData(WebSubSignaturePolicy.Auto, "https://hub.example/", true)]
    [InlineData(WebSubSignaturePolicy.Auto, "http://hub.example/", false)]
    [InlineData(WebSubSignaturePolicy.Auto, "http://127.0.0.1:8080/", true)]
    [InlineData(WebSubSignaturePolicy.Always, "http://hub.example/", true)]
    [InlineData(WebSubSignaturePolicy.Never, "https://hub.example/", false)]
    public void Sending_WithoutGivenSecret_FollowsThePolicy(WebSubSignaturePolicy policy, string hub, bool hasSecret)
    {
        var wanted = Wanted() with { Options = new() { Signature = policy } };

        var next = CreateSut().Sending(wanted, wanted.Pending!.Id, hub, Topic, Now)!.Next;

        Assert.Equal(hasSecret, next.Pending!.Secret is not null);
    }

    [Fact]
    public void Answers_ToReplacedRequest_ChangeNothing()
    {
        var sut = CreateSut();
        var sent = Sent(sut);
        var stale = Guid.NewGuid();

        Assert.Null(sut.Sending(sent, stale, Hub, Topic, Now));
        Assert.Null(sut.Accepted(sent, stale, Now));
        Assert.Null(sut.Failed(sent, stale, Response(HubOutcome.Failed), Now));
        Assert.Null(sut.NotDiscovered(sent, stale, "No.", Now));
    }

    [Fact]
    [Trait("Req", "S19")]
    public void Confirmed_WithHubsLease_RenewsAtItsFraction()
    {
        var sut = CreateSut();
        var sent = Sent(sut);

        var change = sut.Confirmed(sent, HubModes.Subscribe, "key1", Topic, 1000, Now)!;

        Assert.Equal((WebSubChangeKind.Verified, WebSubSubscriptionState.Active), (change.Kind, change.Next.State));
        Assert.Equal((Now.AddSeconds(1000), Now.AddSeconds(750)), (change.Next.Active!.LeaseEnd, change.Next.Active.RenewAt));
        Assert.Equal(Now.AddSeconds(750), change.Next.Due);
        Assert.Null(change.Next.Pending);
    }

    [Theory]
    [InlineData(null, null, 86400)]
    [InlineData(null, 3600L, 3600)]
    [InlineData(5L, 3600L, 5)]
    [InlineData(long.MaxValue, null, 8640000)]
    [InlineData(36000L, 3600L, 36000)]
    [InlineData(36001L, 3600L, 36000)]
    [InlineData(long.MaxValue, 3600L, 36000)]
    [InlineData(long.MaxValue, 2147483647L, 315360000)]
    public void Confirmed_WhateverTheLease_IsBounded(long? granted, long? asked, long seconds)
    {
        var sut = CreateSut();
        var wanted = Wanted() with { Options = new() { LeaseSeconds = asked } };
        var sent = sut.Sending(wanted, wanted.Pending!.Id, Hub, Topic, Now)!.Next;

        var next = sut.Confirmed(sent, HubModes.Subscribe, sent.Pending!.CallbackKey!, Topic, granted, Now)!.Next;

        Assert.Equal(TimeSpan.FromSeconds(seconds), next.Active!.LeaseEnd - Now);
    }

    [Fact]
    public void Confirmed_ReconfirmationWithAnEndlessLease_IsBounded()
    {
        var sut = CreateSut();
        var active = Active() with { Options = new() { LeaseSeconds = 3600 } };

        var next = sut.Confirmed(active, HubModes.Subscribe, "key", Topic, long.MaxValue, Now)!.Next;

        Assert.Equal((Now.AddHours(10), Now.AddHours(7.5)), (next.Active!.LeaseEnd, next.Active.RenewAt));
    }

    [Fact]
    public void Renewal_FromStartToFailure_LeavesActivePartUntouched()
    {
        var sut = CreateSut();
        var before = Active();

        var due = sut.TimePassed(before, Now.AddHours(18))!.Next;
        var sending = sut.Sending(due, due.Pending!.Id, Hub, Topic, Now.AddHours(18))!.Next;
        var accepted = sut.Accepted(sending, due.Pending.Id, Now.AddHours(18))!.Next;
        var unverified = sut.TimePassed(accepted, Now.AddHours(19))!.Next;

        Assert.All(
            [due, sending, accepted, unverified],
            s => Assert.Equal((before.Active, WebSubSubscriptionState.Active), (s.Active, s.State))
        );
        Assert.Equal((WebSubRequestState.VerificationTimeout, 1), (unverified.Pending!.State, unverified.Pending.VerifyAttempts));
    }

    [Fact]
    public void Renewal_AttemptsUsedUp_StaysActiveUntilLeaseEndThenAsksAnew()
    {
        var sut = CreateSut();
        var s = sut.TimePassed(Active(), Now.AddHours(18))!.Next;
        SubscriptionChange change = null!;
        for (var i = 0; i < 3; i++)
        {
            s = sut.Sending(s, s.Pending!.Id, Hub, Topic, s.Pending.Due)!.Next;
            change = sut.Failed(s, s.Pending!.Id, Response(HubOutcome.Failed), s.Pending.SentAt!.Value)!;
            s = change.Next;
        }

        var expired = sut.TimePassed(s, Now.AddDays(1))!;

        Assert.Equal(
            (WebSubChangeKind.GaveUp, WebSubSubscriptionState.Active, Now.AddDays(1)),
            (change.Kind, change.Next.State, change.Next.Due)
        );
        Assert.Equal((WebSubChangeKind.Expired, WebSubSubscriptionState.Expired), (expired.Kind, expired.Next.State));
        Assert.Equal((HubModes.Subscribe, 0), (expired.Next.Pending!.Mode, expired.Next.Pending.FailedAttempts));
        Assert.Null(expired.Next.Active);
    }

    [Fact]
    public void Expired_AskedAnew_KeepsCallbackAndSecret()
    {
        var sut = CreateSut();
        var expired = sut.TimePassed(Active() with { Pending = null }, Now.AddDays(1))!.Next;

        var sending = sut.Sending(expired, expired.Pending!.Id, Hub, Topic, Now.AddDays(1))!.Next;
        var again = sut.Confirmed(sending, HubModes.Subscribe, "key", Topic, 60, Now.AddDays(1))!;

        Assert.Equal(("key", "old"), (again.Next.Active!.CallbackKey, again.Next.Active.Secret));
        Assert.Equal(WebSubSubscriptionState.Active, again.Next.State);
    }

    [Theory]
    [InlineData(HubOutcome.Unreachable, WebSubRequestState.ConnectionError, 1, 0)]
    [InlineData(HubOutcome.TimedOut, WebSubRequestState.ConnectionError, 1, 0)]
    [InlineData(HubOutcome.AddressRefused, WebSubRequestState.ConnectionError, 1, 0)]
    [InlineData(HubOutcome.Failed, WebSubRequestState.HubError, 0, 1)]
    [InlineData(HubOutcome.BadRedirect, WebSubRequestState.HubError, 0, 1)]
    public void Failed_OfEachKind_CountsAndWaits(HubOutcome outcome, WebSubRequestState state, int connect, int hubError)
    {
        var sut = CreateSut();
        var sent = Sent(sut);

        var change = sut.Failed(sent, sent.Pending!.Id, Response(outcome), Now)!;

        Assert.Equal(WebSubChangeKind.AttemptFailed, change.Kind);
        Assert.Equal(
            (state, connect, hubError),
            (change.Next.Pending!.State, change.Next.Pending.ConnectAttempts, change.Next.Pending.HubErrorAttempts)
        );
        Assert.Equal(Now.AddSeconds(10), change.Next.Due);
    }

    [Fact]
    public void Failed_FirstSubscriptionRefused_IsFinal()
    {
        var sut = CreateSut();
        var sent = Sent(sut);

        var change = sut.Failed(sent, sent.Pending!.Id, Response(HubOutcome.Refused), Now)!;

        Assert.Equal((WebSubChangeKind.GaveUp, WebSubSubscriptionState.Failed), (change.Kind, change.Next.State));
        Assert.Null(change.Next.Due);
    }

    [Fact]
    public void Failed_RetryAfter_BeatsTheSchedule()
    {
        var sut = CreateSut();
        var sent = Sent(sut);

        var change = sut.Failed(sent, sent.Pending!.Id, Response(HubOutcome.Failed) with { RetryAfter = TimeSpan.FromSeconds(120) }, Now)!;

        Assert.Equal(Now.AddSeconds(120), change.Next.Due);
    }

    [Fact]
    public void Failed_RenewalOfShortLease_IsRepeatedBeforeItEnds()
    {
        var sut = CreateSut();
        var lease = Active() with { Active = Active().Active! with { LeaseEnd = Now.AddSeconds(20), RenewAt = Now } };
        var s = sut.TimePassed(lease, Now)!.Next;
        s = sut.Sending(s, s.Pending!.Id, Hub, Topic, Now)!.Next;

        var change = sut.Failed(s, s.Pending!.Id, Response(HubOutcome.Failed), Now)!;

        Assert.Equal(Now.AddSeconds(5), change.Next.Due);
    }

    [Fact]
    [Trait("Req", "S21")]
    public void Denied_WhileActive_EndsIt()
    {
        var change = CreateSut().Denied(Active(), "key", "Not you.", Now)!;

        Assert.Equal(
            (WebSubChangeKind.Denied, WebSubSubscriptionState.Denied, "Not you."),
            (change.Kind, change.Next.State, change.Next.Reason)
        );
        Assert.Null(change.Next.Active);
        Assert.Null(change.Next.Due);
    }

    [Theory]
    [InlineData(Hub, Topic + "2")]
    [InlineData("https://other.example/", Topic)]
    public void Denied_OfNewHubOrTopicWhileOldOneIsActive_EndsOnlyTheRequest(string hub, string topic)
    {
        var sut = CreateSut();
        var s = sut.TimePassed(Active(), Now.AddHours(18))!.Next;
        s = sut.Sending(s, s.Pending!.Id, hub, topic, Now)!.Next;

        var change = sut.Denied(s, s.Pending!.CallbackKey!, "Not you.", Now)!;

        Assert.Equal(WebSubSubscriptionState.Active, change.Next.State);
        Assert.NotNull(change.Next.Active);
        Assert.Null(change.Next.Pending);
    }

    [Fact]
    public void Denied_OfACallbackThatWasReplaced_EndsOnlyItsUnsubscription()
    {
        var s = Active() with
        {
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Unsubscribe,
                Hub = Hub,
                Topic = Topic,
                CallbackKey = "old key",
                SentAt = Now,
                Due = Now,
            },
        };

        var change = CreateSut().Denied(s, "old key", "Not you.", Now)!;

        Assert.Equal(WebSubSubscriptionState.Active, change.Next.State);
        Assert.Equal("key", change.Next.Active!.CallbackKey);
        Assert.Null(change.Next.Pending);
    }

    [Theory]
    [InlineData("http://localhost:5092/websub/news/k", "https://hub.example/", true)]
    [InlineData("http://192.168.1.5/websub/news/k", "https://hub.example/", true)]
    [InlineData("http://localhost:5092/websub/news/k", "http://localhost:5080/hub", false)]
    [InlineData("https://app.example/websub/news/k", "https://hub.example/", false)]
    public void TimePassed_HubDidNotVerifyAPrivateCallback_SaysThatItCannotReachIt(string callback, string hub, bool says)
    {
        var s = Wanted() with
        {
            Pending = Wanted().Pending! with
            {
                State = WebSubRequestState.Verifying,
                Hub = hub,
                Topic = Topic,
                CallbackKey = "k",
                CallbackUrl = callback,
                SentAt = Now,
                Due = Now,
            },
        };

        var change = CreateSut().TimePassed(s, Now)!;

        Assert.StartsWith($"The hub {hub} did not verify the request within 60 s.", change.Reason, StringComparison.Ordinal);
        Assert.Equal(says, change.Reason!.EndsWith("set WebSub:Subscriber:PublicUrl to a public one.", StringComparison.Ordinal));
    }

    [Fact]
    public void End_NeverSent_EndsWithoutARequest()
    {
        var change = CreateSut().End(Wanted(), Now)!;

        Assert.Equal((WebSubChangeKind.Unsubscribed, WebSubSubscriptionState.Unsubscribed), (change.Kind, change.Next.State));
        Assert.Null(change.Next.Pending);
    }

    [Fact]
    public void End_Active_AsksHubAndKeepsActiveUntilConfirmed()
    {
        var sut = CreateSut();

        var ending = sut.End(Active(), Now)!.Next;
        var sending = sut.Sending(ending, ending.Pending!.Id, Hub, Topic, Now)!.Next;
        var ended = sut.Confirmed(sending, HubModes.Unsubscribe, "key", Topic, null, Now)!;

        Assert.Equal(
            (WebSubSubscriptionState.Unsubscribing, HubModes.Unsubscribe, "key"),
            (ending.State, ending.Pending.Mode, ending.Pending.CallbackKey)
        );
        Assert.NotNull(sending.Active);
        Assert.Equal((WebSubChangeKind.Unsubscribed, WebSubSubscriptionState.Unsubscribed), (ended.Kind, ended.Next.State));
        Assert.Equal("key", ended.Next.Ended!.CallbackKey);
        Assert.Null(ended.Next.Due);
        Assert.Null(sut.End(ended.Next, Now));
    }

    [Fact]
    public void Unsubscribing_LeaseEnds_Ends()
    {
        var sut = CreateSut();
        var ending = sut.End(Active(), Now)!.Next;

        var change = sut.TimePassed(ending, Now.AddDays(1))!;

        Assert.Equal((WebSubChangeKind.Unsubscribed, WebSubSubscriptionState.Unsubscribed), (change.Kind, change.Next.State));
    }

    [Fact]
    public void Ask_Unsubscribed_StartsWithANewCallback()
    {
        var sut = CreateSut();
        var ended = Active() with { State = WebSubSubscriptionState.Unsubscribed, Ended = Active().Active, Active = null };

        var asked = sut.Ask(ended, null, optionsDiffer: false, Now)!.Next;
        var sending = sut.Sending(asked, asked.Pending!.Id, Hub, Topic, Now)!.Next;

        Assert.Equal(WebSubSubscriptionState.Pending, asked.State);
        Assert.NotEqual("key", sending.Pending!.CallbackKey);
    }

    [Fact]
    public void Ask_UnderWayWithSameOptions_ChangesNothing()
    {
        var sut = CreateSut();

        Assert.Null(sut.Ask(Wanted(), null, optionsDiffer: false, Now));
        Assert.Null(sut.Ask(Active(), null, optionsDiffer: false, Now));
    }

    [Fact]
    public void Ask_ActiveWithOtherSecret_KeepsOldOneUntilConfirmed()
    {
        var sut = CreateSut();

        var asked = sut.Ask(Active(), new() { Secret = "new" }, optionsDiffer: true, Now)!.Next;
        var sending = sut.Sending(asked, asked.Pending!.Id, Hub, Topic, Now)!.Next;
        var confirmed = sut.Confirmed(sending, HubModes.Subscribe, "key", Topic, 60, Now)!.Next;

        Assert.Equal(("old", "new"), (sending.Active!.Secret, sending.Pending!.Secret));
        Assert.Equal("new", confirmed.Active!.Secret);
    }

    [Fact]
    public void Malformed_Repeated_GivesUp()
    {
        var sut = CreateSut();
        var sent = Sent(sut);

        var once = sut.Malformed(sent, "hub.challenge is missing.", Now)!;
        var again = sut.Sending(once.Next, sent.Pending!.Id, Hub, Topic, Now)!.Next;
        var twice = sut.Malformed(again, "hub.challenge is missing.", Now)!;

        Assert.Equal((WebSubRequestState.VerificationError, 1), (once.Next.Pending!.State, once.Next.Pending.VerifyAttempts));
        Assert.Equal((WebSubChangeKind.GaveUp, WebSubSubscriptionState.Failed), (twice.Kind, twice.Next.State));
    }

    private static HubResponse Response(HubOutcome outcome) =>
        new()
        {
            Outcome = outcome,
            Explanation = "It failed.",
            Hub = Hub,
        };

    private static Subscription Wanted() =>
        new()
        {
            Id = Guid.NewGuid(),
            Handler = "news",
            Target = Topic,
            CreatedAt = Now,
            ChangedAt = Now,
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = Now,
            },
        };

    private static Subscription Active() =>
        Wanted() with
        {
            State = WebSubSubscriptionState.Active,
            Pending = null,
            Active = new()
            {
                Hub = Hub,
                Topic = Topic,
                Secret = "old",
                CallbackKey = "key",
                ConfirmedAt = Now,
                LeaseEnd = Now.AddDays(1),
                RenewAt = Now.AddHours(18),
            },
        };

    private static Subscription Sent(SubscriptionTransitions sut)
    {
        var wanted = Wanted();
        return sut.Sending(wanted, wanted.Pending!.Id, Hub, Topic, Now)!.Next;
    }

    private SubscriptionTransitions CreateSut() =>
        new(
            new()
            {
                Retry = _retry,
                VerifyWait = TimeSpan.FromSeconds(60),
                RenewAtFraction = 0.75,
                Chance = new(() => 0.5),
                NewKey = () => $"key{++_made}",
                NewSecret = () => $"secret{++_made}",
            }
        );
}
