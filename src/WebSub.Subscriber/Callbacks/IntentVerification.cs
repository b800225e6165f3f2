using WebSub.Http;
using WebSub.Protocol;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// Decides what a hub's GET means for a subscription. Mode and topic must be exactly those of the request (S15): the callback alone proves
/// nothing, since anyone who knows it can send a GET.
/// </summary>
internal static class IntentVerification
{
    private const int MaxReason = 500;

    /// <summary>Reads the query and compares it with the subscription that the callback key belongs to.</summary>
    /// <param name="query">The fields of the query.</param>
    /// <param name="key">The callback key of the path.</param>
    /// <param name="subscription">The subscription that has, or had, this key; null if none.</param>
    public static Intent Decide(HubFields query, string key, Subscription? subscription)
    {
        var mode = query[HubParameters.Mode];
        var topic = query[HubParameters.Topic];
        if (string.IsNullOrEmpty(mode))
            return Malformed("hub.mode is missing.");
        if (mode is not (HubModes.Subscribe or HubModes.Unsubscribe or HubModes.Denied or HubModes.HubError))
        {
            return Malformed("hub.mode must be subscribe, unsubscribe, denied or hub-error.");
        }

        if (string.IsNullOrEmpty(topic))
            return Malformed("hub.topic is missing.");
        return mode is HubModes.Subscribe or HubModes.Unsubscribe
            ? Verification(query, mode, topic, key, subscription)
            : Notice(mode, topic, query[HubParameters.Reason], key, subscription);
    }

    private static Intent Verification(HubFields query, string mode, string topic, string key, Subscription? subscription)
    {
        var isPending = IsPending(subscription, mode, topic, key);
        var challenge = query[HubParameters.Challenge];
        if (string.IsNullOrEmpty(challenge))
            return Malformed("hub.challenge is missing.") with { CountsAsAttempt = isPending };

        // On unsubscribe the lease means nothing, whatever it says (S18).
        long? lease = null;
        if (mode == HubModes.Subscribe && query[HubParameters.LeaseSeconds] is { } text)
        {
            if (!LeaseSeconds.TryParse(text, out var seconds) || seconds < 0)
            {
                return Malformed("hub.lease_seconds must be a positive whole number.") with { CountsAsAttempt = isPending };
            }

            // A hub in use sends 0 always: it has no lease to name.
            lease = seconds > 0 ? seconds : null;
        }

        // A 0.3 hub that was given a token echoes it (X3); without it the GET is not from that hub.
        if (subscription?.Options.VerifyToken is { } token && query[HubParameters.VerifyToken] != token)
            return Refused("The verification has another hub.verify_token than the request.", isPending);

        var kind =
            isPending || IsReconfirmation(subscription, mode, topic, key) ? IntentKind.Wanted
            : IsRepeatedEnd(subscription, mode, topic, key) ? IntentKind.Repeated
            : IntentKind.Unwanted;
        if (ChallengeRule.FaultOf(challenge) is { } fault)
            return Refused(fault, isPending) with { Refusal = kind == IntentKind.Unwanted ? null : RefusalOf(fault) };
        return kind == IntentKind.Unwanted
            ? Unwanted(mode, topic, key, subscription)
            : new()
            {
                Kind = kind,
                Mode = mode,
                Topic = topic,
                Challenge = challenge,
                LeaseSeconds = lease,
            };
    }

    private static Intent Notice(string mode, string topic, string? reason, string key, Subscription? subscription)
    {
        var isKnown =
            subscription is not null
            && (
                (subscription.Active is { } active && active.Topic == topic && active.CallbackKey == key)
                || (subscription.Pending is { SentAt: not null } pending && pending.Topic == topic && pending.CallbackKey == key)
                || (subscription.Ended is { } ended && ended.Topic == topic && ended.CallbackKey == key)
            );
        if (!isKnown)
            return Unwanted();
        return new()
        {
            Kind = mode == HubModes.Denied ? IntentKind.Denied : IntentKind.HubError,
            Mode = mode,
            Topic = topic,
            // It is logged, stored and shown, as the hub's words.
            Reason = reason is null ? null : PlainText.Of(reason, MaxReason),
        };
    }

    // A request that no hub can have seen cannot be verified: SentAt.
    private static bool IsPending(Subscription? s, string mode, string topic, string key) =>
        s?.Pending is { SentAt: not null } pending && pending.Mode == mode && pending.Topic == topic && pending.CallbackKey == key;

    private static bool IsReconfirmation(Subscription? s, string mode, string topic, string key) =>
        mode == HubModes.Subscribe
        && s is { Active: { } active, State: not WebSubSubscriptionState.Unsubscribing }
        && active.Topic == topic
        && active.CallbackKey == key;

    private static bool IsRepeatedEnd(Subscription? s, string mode, string topic, string key) =>
        mode == HubModes.Unsubscribe
        && s is { State: WebSubSubscriptionState.Unsubscribed, Ended: { } ended }
        && ended.Topic == topic
        && ended.CallbackKey == key;

    /// <summary>
    /// A hub that asks about another topic than it was asked for has read the request in its own way: worth a reason, since from then on it
    /// will not ask again.
    /// </summary>
    private static Intent Unwanted(string mode, string topic, string key, Subscription? s)
    {
        var (expected, isPending) = s switch
        {
            { Pending: { SentAt: not null, Topic: { } asked } pending } when pending.Mode == mode && pending.CallbackKey == key => (
                asked,
                true
            ),
            { Active: { } active } when mode == HubModes.Subscribe && active.CallbackKey == key => (active.Topic, false),
            _ => (null, false),
        };
        return expected is null || expected == topic
            ? Unwanted()
            : Unwanted() with
            {
                Refusal = $"The hub asked about {PlainText.Of(topic)} instead of {PlainText.Of(expected)}, answered 404.",
                CountsAsAttempt = isPending,
            };
    }

    private static Intent Malformed(string sentence) => new() { Kind = IntentKind.Malformed, Sentence = sentence };

    private static Intent Refused(string sentence, bool isPending) =>
        new()
        {
            Kind = IntentKind.Unwanted,
            Sentence = sentence,
            Refusal = isPending ? RefusalOf(sentence) : null,
            CountsAsAttempt = isPending,
        };

    private static string RefusalOf(string sentence) => $"The hub's verification was answered 404: {sentence}";

    private static Intent Unwanted() => new() { Kind = IntentKind.Unwanted, Sentence = "This subscriber did not request that." };
}
