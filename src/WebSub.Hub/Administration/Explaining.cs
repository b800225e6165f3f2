using System.Globalization;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Administration;

/// <summary>
/// Says why a subscriber did or did not get its topic's newest update. Pure: all it knows is in its argument; what it does not know it does
/// not say.
/// </summary>
internal static class Explaining
{
    public static HubExplanation Explain(ExplainedPair pair)
    {
        var steps = new List<HubExplanationStep>();
        var (verdict, summary) = Judge(pair, steps);
        return new()
        {
            Topic = pair.Topic,
            Callback = PlainCallback.Of(pair.Callback),
            Verdict = verdict,
            Summary = summary,
            Steps = steps,
        };
    }

    private static (string Verdict, string Summary) Judge(ExplainedPair pair, List<HubExplanationStep> steps)
    {
        if (pair.Request is { } request)
        {
            steps.Add(
                new("request", $"A request to {request.Mode} waits since {Say(request.CreatedAt)}. {request.Why}")
                {
                    At = request.CreatedAt,
                    NextAttempt = request.NextAttempt,
                }
            );
        }

        if (pair.Messages is { } messages)
            return ExplainingMessages.Judge(pair, messages, steps);
        if (pair.Subscription is not { } subscription)
            return JudgeWithout(pair, steps);
        steps.Add(
            new(
                "subscription",
                $"The callback confirmed it at {Say(subscription.VerifiedAt)}; its lease ends at {Say(subscription.LeaseEnd)}."
            )
            {
                At = subscription.VerifiedAt,
            }
        );
        if (pair.Ending is { Kind: Ending.NotConfirmed or Ending.Denied } refused && refused.At.ToMoment() > subscription.VerifiedAt)
        {
            var sentence = $"A later request came to nothing at {Say(refused.At.ToMoment())}: {Because(refused)}";
            steps.Add(new("renewal", sentence) { At = refused.At.ToMoment() });
        }

        if (subscription.State == HubSubscriptionState.Expired)
        {
            return (
                "leaseEnded",
                $"The lease ended at {Say(subscription.LeaseEnd)} and was not renewed; nothing has been delivered since."
            );
        }

        var topic = pair.KnownTopic!;
        AddFetch(topic, steps);
        AddDeadLetters(pair, steps);
        return topic.Head == 0 ? JudgeUnpublished(topic) : JudgeDelivery(pair, subscription, topic, steps);
    }

    private static (string Verdict, string Summary) JudgeWithout(ExplainedPair pair, List<HubExplanationStep> steps) =>
        JudgeEnded(pair, steps)
        ?? (
            pair.KnownTopic is null
                ? (
                    "unknownTopic",
                    pair.SimilarTopic is { } similar
                        ? $"This hub does not have that topic, but it has {similar}: topics are compared byte for byte."
                        : "This hub does not have that topic: nobody has subscribed to it or published it. Topics are compared byte for "
                            + "byte."
                )
                : (
                    "neverSubscribed",
                    "There is no subscription of this callback to this topic, and none has ended in the last 30 days. Callbacks are "
                        + "compared byte for byte, their queries included."
                )
        );

    /// <summary>Why there is no subscription any more, or not yet; null if nothing is known of one.</summary>
    public static (string Verdict, string Summary)? JudgeEnded(ExplainedPair pair, List<HubExplanationStep> steps)
    {
        if (pair.Ending is { } ending)
        {
            var at = ending.At.ToMoment();
            steps.Add(new("end", $"At {Say(at)}: {Because(ending)}") { At = at });
        }

        // Of one that was revoked, only the message to the callback waits.
        var isRevoked = pair.Ending is { Kind: Ending.Revoked } revoked && revoked.At.ToMoment() >= pair.Request?.CreatedAt;
        if (pair.Request is { Mode: "subscribe" } request && !isRevoked)
            return (
                "notVerified",
                $"The subscription has not been confirmed yet. {request.Why} It is tried again at {Say(request.NextAttempt)}."
            );
        return pair.Ending is { } ended ? (ended.Kind, $"There is no subscription. At {Say(ended.At.ToMoment())}: {Because(ended)}") : null;
    }

    private static (string Verdict, string Summary) JudgeUnpublished(HubTopic topic) =>
        topic.FetchError is { } error ? ("fetchFailed", $"There is no update: the topic cannot be fetched. {error}")
        : topic.FetchDue is { } due ? ("fetchWaiting", $"There is no update yet; the topic is fetched at {Say(due)}.")
        : ("nothingPublished", "There is no update: nothing has been published to this topic yet.");

    private static (string Verdict, string Summary) JudgeDelivery(
        ExplainedPair pair,
        HubSubscription subscription,
        HubTopic topic,
        List<HubExplanationStep> steps
    )
    {
        var newest = $"{topic.Id}/{topic.Head}";
        steps.Add(
            new("log", $"The newest update is {newest}{(pair.PublishedAt is { } at ? $", published at {Say(at)}" : "")}.")
            {
                At = pair.PublishedAt,
                DeliveryId = newest,
            }
        );
        if (subscription.State == HubSubscriptionState.Paused)
        {
            var what = PausedOf(subscription);
            return (
                "paused",
                subscription.Lag == 0
                    ? $"It has had everything so far, but an operator has paused {what}: it gets no more until that is resumed."
                    : $"An operator has paused {what}; {Count(subscription.Lag)} wait until that is resumed."
            );
        }

        if (subscription.Position < topic.Head)
            return JudgeBehind(subscription, topic, steps);
        if (pair.DeadLetters is [var letter, ..] && letter.LastSequence == topic.Head)
        {
            return (
                "deadLettered",
                $"Update {newest} was given up at {Say(letter.CreatedAt)} after {letter.Attempts} attempts. {letter.LastError}"
            );
        }

        if (pair.PublishedAt <= subscription.CreatedAt)
        {
            return (
                "nothingSince",
                $"Nothing has been published since it subscribed at {Say(subscription.CreatedAt)}; update {newest} is older than that."
            );
        }

        steps.Add(
            new("delivery", $"It has had everything up to {newest}.") { At = pair.SavedAt ?? subscription.LastAttempt, DeliveryId = newest }
        );
        if (topic.FetchError is { } error)
            return (
                "fetchFailed",
                $"It has had update {newest}. Whether there is a newer one is not known: the topic cannot be fetched. {error}"
            );
        if (topic.FetchedAt > pair.PublishedAt && topic.PingedAt > pair.PublishedAt && topic.FetchedAt >= topic.PingedAt)
        {
            return (
                "unchanged",
                $"It has had update {newest}. The topic was pinged at {Say(topic.PingedAt.Value)} and fetched at "
                    + $"{Say(topic.FetchedAt.Value)}, but its content was the same."
            );
        }

        return ("delivered", $"It has had update {newest}{(pair.SavedAt is { } saved ? $", saved at {Say(saved)}" : "")}.");
    }

    private static (string Verdict, string Summary) JudgeBehind(
        HubSubscription subscription,
        HubTopic topic,
        List<HubExplanationStep> steps
    )
    {
        var next = $"{topic.Id}/{subscription.Position + 1}";
        var then = subscription.NextAttempt is { } due ? $" It is tried again at {Say(due)}." : "";
        if (subscription.LastError is { } error)
        {
            steps.Add(
                new("attempt", $"Update {next} has failed {subscription.Attempts} times. {error}")
                {
                    At = subscription.LastAttempt,
                    DeliveryId = next,
                    Status = subscription.LastStatus,
                    NextAttempt = subscription.NextAttempt,
                }
            );
            return (
                "behind",
                $"{Count(subscription.Lag)} wait, first {next}, which has failed {subscription.Attempts} times. {error}{then}"
            );
        }

        return ("behind", $"{Count(subscription.Lag)} wait, first {next}. They are on their way.");
    }

    private static void AddFetch(HubTopic topic, List<HubExplanationStep> steps)
    {
        if (topic.PingedAt is { } pinged)
            steps.Add(new("publish", $"The topic was last pinged at {Say(pinged)}.") { At = pinged });
        if (topic.FetchError is { } error)
        {
            steps.Add(
                new("fetch", $"It could not be fetched, {topic.FetchFailures} times in a row. {error}")
                {
                    At = topic.FetchedAt,
                    NextAttempt = topic.FetchDue,
                }
            );
        }
        else if (topic.FetchedAt is { } fetched)
        {
            steps.Add(new("fetch", $"It was last fetched at {Say(fetched)}.") { At = fetched, NextAttempt = topic.FetchDue });
        }
    }

    /// <summary>What is paused, in words.</summary>
    public static string PausedOf(HubSubscription subscription) =>
        string.Join(" and ", subscription.PausedBy.Select(p => p == "subscription" ? "this subscription" : $"its {p}"));

    /// <summary>Adds what was given up lately.</summary>
    public static void AddDeadLetters(ExplainedPair pair, List<HubExplanationStep> steps)
    {
        foreach (var letter in pair.DeadLetters.Reverse())
        {
            var id = $"{letter.TopicId}/{letter.FirstSequence}";
            steps.Add(
                new("deadLetter", $"Update {id} was given up after {letter.Attempts} attempts. {letter.LastError}")
                {
                    At = letter.CreatedAt,
                    DeliveryId = id,
                    Status = letter.LastStatus,
                }
            );
        }
    }

    private static string Because(Ending ending) =>
        ending.Kind switch
        {
            Ending.Unsubscribed => "The subscriber unsubscribed.",
            Ending.Revoked => $"An operator revoked it.{Quote(ending.Reason)}",
            Ending.Deleted => $"An operator deleted it.{Quote(ending.Reason)}",
            Ending.LeaseEnded => "Its lease had ended and was not renewed.",
            Ending.Gone => "The callback answered 410 Gone.",
            Ending.Denied => $"The hub denied it.{Quote(ending.Reason)}",
            _ => $"The callback did not confirm it.{Quote(ending.Reason)}",
        };

    private static string Quote(string? reason) => reason is null ? "" : $" {reason}";

    private static string Count(long updates) =>
        string.Create(CultureInfo.InvariantCulture, $"{updates} {(updates == 1 ? "update" : "updates")}");

    /// <summary>A moment, in words.</summary>
    public static string Say(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
