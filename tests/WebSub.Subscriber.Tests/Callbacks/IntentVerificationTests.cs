using System.Text;
using WebSub.Protocol;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Callbacks;

/// <summary>The table "Callback answers" of the interfaces, and S15–S18, S21, S30.</summary>
public sealed class IntentVerificationTests
{
    private const string Key = "k1";
    private const string Topic = "https://news.example/feed";
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "hub.mode is missing.")]
    [InlineData("hub.mode=", "hub.mode is missing.")]
    [InlineData("hub.mode=Subscribe&hub.topic=t&hub.challenge=c", "hub.mode must be subscribe, unsubscribe, denied or hub-error.")]
    [InlineData("hub.mode=publish&hub.topic=t&hub.challenge=c", "hub.mode must be subscribe, unsubscribe, denied or hub-error.")]
    [InlineData("hub.mode=subscribe&hub.challenge=c", "hub.topic is missing.")]
    [InlineData("hub.mode=denied", "hub.topic is missing.")]
    [InlineData("hub.mode=subscribe&hub.topic=t", "hub.challenge is missing.")]
    [InlineData("hub.mode=unsubscribe&hub.topic=t&hub.challenge=", "hub.challenge is missing.")]
    [InlineData(
        "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=abc",
        "hub.lease_seconds must be a positive whole number."
    )]
    [InlineData("hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=", "hub.lease_seconds must be a positive whole number.")]
    [InlineData(
        "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=-1",
        "hub.lease_seconds must be a positive whole number."
    )]
    [InlineData(
        "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=1.5",
        "hub.lease_seconds must be a positive whole number."
    )]
    public void Query_Malformed_SaysWhatIsWrong(string query, string sentence)
    {
        var fields = Parse(query);

        var intent = IntentVerification.Decide(fields, Key, Active());

        Assert.Equal((IntentKind.Malformed, sentence), (intent.Kind, intent.Sentence));
    }

    [Theory]
    [Trait("Req", "S33")]
    [InlineData("AZaz09+-./=_~", true)]
    [InlineData("MZ\u0090\0", false)]
    [InlineData("\u001b[2J", false)]
    [InlineData("a\u007f", false)]
    [InlineData("é", false)]
    [InlineData("@echo off & start calc.exe|", false)]
    [InlineData("$(id)", false)]
    [InlineData("<b>c</b>", false)]
    public void Challenge_OfWhatACommandOrPageNeeds_IsNotEchoed(string challenge, bool isEchoed)
    {
        var fields = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic).Add("hub.challenge", challenge);

        var intent = IntentVerification.Decide(fields, Key, State("pending"));

        Assert.Equal(
            isEchoed ? (IntentKind.Wanted, "") : (IntentKind.Unwanted, "hub.challenge may have letters, digits and + - . / = _ ~ only."),
            (intent.Kind, intent.Sentence)
        );
    }

    [Theory]
    [Trait("Req", "S33")]
    [InlineData(1024, nameof(IntentKind.Wanted))]
    [InlineData(1025, nameof(IntentKind.Unwanted))]
    public void Challenge_OfManyCharacters_IsNotEchoed(int length, string expected)
    {
        var fields = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic).Add("hub.challenge", new string('a', length));

        var intent = IntentVerification.Decide(fields, Key, State("pending"));

        Assert.Equal(expected, intent.Kind.ToString());
    }

    [Theory]
    [InlineData("0", null)]
    [InlineData("60", 60L)]
    public void Lease_OfZero_CountsAsNone(string lease, long? expected)
    {
        var fields = new HubFields()
            .Add("hub.mode", "subscribe")
            .Add("hub.topic", Topic)
            .Add("hub.challenge", "c")
            .Add("hub.lease_seconds", lease);

        var intent = IntentVerification.Decide(fields, Key, State("pending"));

        Assert.Equal((IntentKind.Wanted, expected), (intent.Kind, intent.LeaseSeconds));
    }

    [Theory]
    [InlineData("pending", true)]
    [InlineData("active", false)]
    public void Verification_OfAnotherTopic_SaysWhichWasAskedFor(string state, bool countsAsAttempt)
    {
        var fields = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", "https://news.example/\u001b").Add("hub.challenge", "c");

        var intent = IntentVerification.Decide(fields, Key, State(state));

        Assert.Equal(
            (IntentKind.Unwanted, countsAsAttempt, $"The hub asked about https://news.example/ instead of {Topic}, answered 404."),
            (intent.Kind, intent.CountsAsAttempt, intent.Refusal)
        );
    }

    [Theory]
    [Trait("Req", "S15")]
    [InlineData("pending", "subscribe", Topic, Key, nameof(IntentKind.Wanted))]
    [InlineData("pending", "subscribe", Topic + "/", Key, nameof(IntentKind.Unwanted))]
    [InlineData("pending", "subscribe", "HTTPS://news.example/feed", Key, nameof(IntentKind.Unwanted))]
    [InlineData("pending", "subscribe", Topic, "other", nameof(IntentKind.Unwanted))]
    [InlineData("pending", "unsubscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("unsent", "subscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("active", "subscribe", Topic, Key, nameof(IntentKind.Wanted))]
    [InlineData("active", "subscribe", "https://news.example/other", Key, nameof(IntentKind.Unwanted))]
    [InlineData("active", "unsubscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("unsubscribing", "unsubscribe", Topic, Key, nameof(IntentKind.Wanted))]
    [InlineData("unsubscribing", "subscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("unsubscribing", "unsubscribe", "https://news.example/other", Key, nameof(IntentKind.Unwanted))]
    [InlineData("unsubscribed", "unsubscribe", Topic, Key, nameof(IntentKind.Repeated))]
    [InlineData("unsubscribed", "unsubscribe", "https://news.example/other", Key, nameof(IntentKind.Unwanted))]
    [InlineData("unsubscribed", "subscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("denied", "subscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("denied", "unsubscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("none", "subscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    [InlineData("none", "unsubscribe", Topic, Key, nameof(IntentKind.Unwanted))]
    public void Verification_WellFormed_IsComparedWithWhatIsWanted(string state, string mode, string topic, string key, string expected)
    {
        var fields = new HubFields().Add("hub.mode", mode).Add("hub.topic", topic).Add("hub.challenge", "c").Add("hub.lease_seconds", 60L);

        var intent = IntentVerification.Decide(fields, key, State(state));

        Assert.Equal(expected, intent.Kind.ToString());
    }

    [Theory]
    [Trait("Req", "S21")]
    [InlineData("pending", "denied", Topic, nameof(IntentKind.Denied))]
    [InlineData("active", "denied", Topic, nameof(IntentKind.Denied))]
    [InlineData("unsubscribed", "denied", Topic, nameof(IntentKind.Denied))]
    [InlineData("active", "denied", "https://news.example/other", nameof(IntentKind.Unwanted))]
    [InlineData("unsent", "denied", Topic, nameof(IntentKind.Unwanted))]
    [InlineData("none", "denied", Topic, nameof(IntentKind.Unwanted))]
    [InlineData("active", "hub-error", Topic, nameof(IntentKind.HubError))]
    [InlineData("none", "hub-error", Topic, nameof(IntentKind.Unwanted))]
    public void Notice_OfKnownTopic_IsTaken(string state, string mode, string topic, string expected)
    {
        var fields = new HubFields().Add("hub.mode", mode).Add("hub.topic", topic).Add("hub.reason", "No.");

        var intent = IntentVerification.Decide(fields, Key, State(state));

        Assert.Equal(expected, intent.Kind.ToString());
    }

    [Theory]
    [Trait("Req", "S18")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("-5")]
    public void Unsubscribe_WhateverItsLease_IsConfirmed(string lease)
    {
        var fields = new HubFields()
            .Add("hub.mode", "unsubscribe")
            .Add("hub.topic", Topic)
            .Add("hub.challenge", "c")
            .Add("hub.lease_seconds", lease);

        var intent = IntentVerification.Decide(fields, Key, State("unsubscribing"));

        Assert.Equal((IntentKind.Wanted, (long?)null), (intent.Kind, intent.LeaseSeconds));
    }

    [Fact]
    public void Fields_Repeated_FirstCounts()
    {
        var fields = Parse(
            $"hub.mode=subscribe&hub.mode=denied&hub.topic={Uri.EscapeDataString(Topic)}&hub.topic=x&hub.challenge=one&hub.challenge=two"
        );

        var intent = IntentVerification.Decide(fields, Key, State("pending"));

        Assert.Equal((IntentKind.Wanted, "one"), (intent.Kind, intent.Challenge));
    }

    [Theory]
    [InlineData("pending", true)]
    [InlineData("active", false)]
    [InlineData("none", false)]
    public void Malformed_OfWhatIsPending_CountsAsAttempt(string state, bool counts)
    {
        var fields = new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic);

        var intent = IntentVerification.Decide(fields, Key, State(state));

        Assert.Equal((IntentKind.Malformed, counts), (intent.Kind, intent.CountsAsAttempt));
    }

    private static HubFields Parse(string query) =>
        HubFields.TryParse(Encoding.UTF8.GetBytes(query), out var fields, out _)
            ? fields
            : throw new ArgumentException(query, nameof(query));

    private static Subscription? State(string name) =>
        name switch
        {
            "none" => null,
            "unsent" => Base() with { Pending = Request(HubModes.Subscribe) with { SentAt = null } },
            "pending" => Base() with { Pending = Request(HubModes.Subscribe) },
            "active" => Active(),
            "unsubscribing" => Active() with { State = WebSubSubscriptionState.Unsubscribing, Pending = Request(HubModes.Unsubscribe) },
            "unsubscribed" => Active() with { State = WebSubSubscriptionState.Unsubscribed, Active = null, Ended = Part() },
            "denied" => Active() with { State = WebSubSubscriptionState.Denied, Active = null, Ended = Part() },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such state."),
        };

    private static Subscription Base() =>
        new()
        {
            Id = Guid.NewGuid(),
            Handler = "news",
            Target = Topic,
            CreatedAt = Now,
            ChangedAt = Now,
        };

    private static Subscription Active() => Base() with { State = WebSubSubscriptionState.Active, Active = Part() };

    private static ConfirmedPart Part() =>
        new()
        {
            Hub = "https://hub.example/",
            Topic = Topic,
            CallbackKey = Key,
            ConfirmedAt = Now,
            LeaseEnd = Now.AddDays(1),
        };

    private static PendingRequest Request(string mode) =>
        new()
        {
            Id = Guid.NewGuid(),
            Mode = mode,
            State = WebSubRequestState.Verifying,
            Hub = "https://hub.example/",
            Topic = Topic,
            CallbackKey = Key,
            Due = Now,
            SentAt = Now,
        };
}
