using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Administration;

/// <summary>
/// Says why a subscriber did or did not get an update: whether there is a subscription, and what the topic has. Pure: all it knows is in
/// its argument; what it does not know it does not say.
/// </summary>
internal static class Explaining
{
    private const string NotVerified = "notVerified";

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
        if (pair.Request is { } waiting)
        {
            var (request, undecided) = (waiting.Request, waiting.IsDenied ? "and is denied" : "and has not been decided");
            steps.Add(
                new("request", $"A request to {request.Mode} was made at {Words.Say(request.CreatedAt)} {undecided}. {request.Why}")
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
                $"The callback confirmed the subscription at {Words.Say(subscription.VerifiedAt)}; its lease ends at "
                    + $"{Words.Say(subscription.LeaseEnd)}."
            )
            {
                At = subscription.VerifiedAt,
            }
        );
        if (pair.Ending is { Kind: Ending.NotConfirmed or Ending.Denied } refused && refused.At.ToMoment() > subscription.VerifiedAt)
        {
            var sentence = $"At {Words.Say(refused.At.ToMoment())} {Because(refused)} The subscription stands as it was.";
            steps.Add(new("renewal", sentence) { At = refused.At.ToMoment() });
        }

        if (subscription.State == HubSubscriptionState.Expired)
        {
            return WithUpdate(
                pair,
                pair.Progress is { } progress ? new(subscription, progress, pair.PastLetter) : null,
                ("leaseEnded", $"The lease ended at {Words.Say(subscription.LeaseEnd)} and was not renewed; nothing has been sent since."),
                steps
            );
        }

        var topic = pair.KnownTopic!;
        ExplainingDelivery.AddPause(subscription, steps);
        AddFetch(pair, topic, steps);
        ExplainingDelivery.AddDeadLetters(pair, steps);
        if (topic.Head == 0)
            return JudgeUnpublished(pair, topic);
        return pair.Update is { } update
            ? JudgeUpdate(pair, subscription, topic, update, steps)
            : ("noSuchUpdate", $"The topic has no update {topic.Id}/{pair.Asked}. Its newest is {topic.Id}/{topic.Head}.");
    }

    private static (string Verdict, string Summary) JudgeWithout(ExplainedPair pair, List<HubExplanationStep> steps) =>
        JudgeEnded(pair, steps)
        ?? (
            pair.KnownTopic is null
                ? (
                    "unknownTopic",
                    (
                        pair.SimilarTopic is { } similar
                            ? $"This hub does not know that topic, but it knows {similar}."
                            : "This hub does not know that topic: nobody is subscribed to it, and it keeps nothing of it."
                    ) + " Topics are compared byte for byte."
                )
                : ("neverSubscribed", $"This callback has no subscription to this topic. {Words.NoTrace}")
        );

    /// <summary>
    /// Why there is no subscription any more, or not yet, and what had become of the update; null if nothing is known of a subscription.
    /// </summary>
    public static (string Verdict, string Summary)? JudgeEnded(ExplainedPair pair, List<HubExplanationStep> steps) =>
        JudgeEnding(pair, steps) is { } ending ? WithUpdate(pair, pair.Past, ending, steps) : null;

    /// <summary>
    /// Adds what had become of the update when a subscription ended. The verdict is about that if the update was asked for, else about the
    /// ending: nothing newer is sent.
    /// </summary>
    public static (string Verdict, string Summary) WithUpdate(
        ExplainedPair pair,
        ExplainedPast? past,
        (string Verdict, string Summary) ending,
        List<HubExplanationStep> steps
    )
    {
        if (past is null)
            return ending;
        var later = new List<HubExplanationStep>();
        AddUpdate(pair, past.Subscription.TopicId, later);
        ExplainingDelivery.AddDeadLetters(pair, later);
        var known = pair with { Progress = past.Progress, PastLetter = past.PastLetter };
        if (ExplainingDelivery.JudgeEnded(known, past.Subscription, later) is not { } fate)
            return ending;
        steps.AddRange(later);
        // A request that was made since is another story.
        var isOther = ending.Verdict is NotVerified or Ending.NotConfirmed or Ending.Denied;
        var which = isOther ? OfEarlier(past) : "";
        return pair.Asked is null
            ? (ending.Verdict, $"{ending.Summary} {which}{fate.Summary}")
            : (fate.Verdict ?? ending.Verdict, $"{which}{fate.Summary} {ending.Summary}");
    }

    private static (string Verdict, string Summary)? JudgeEnding(ExplainedPair pair, List<HubExplanationStep> steps)
    {
        var ending = pair.Ending;
        if (ending is not null)
            steps.Add(new("end", $"At {Words.Say(ending.At.ToMoment())} {Because(ending)}") { At = ending.At.ToMoment() });

        // Of one that was revoked, only the message to the callback waits.
        var isRevoked = ending is { Kind: Ending.Revoked } && ending.At.ToMoment() >= pair.Request?.Request.CreatedAt;
        if (pair.Request is { Request: { Mode: "subscribe" } request } waiting && !isRevoked)
        {
            return waiting.IsDenied
                ? (Ending.Denied, $"There is no subscription: the hub denied it. {Sentence.Of(waiting.Reason)}".TrimEnd())
                : (
                    NotVerified,
                    $"There is no subscription yet: it has not been confirmed. {request.Why}"
                        + (request.NextAttempt is { } next && request.Attempts > 0 ? $" It is asked again at {Words.Say(next)}." : "")
                );
        }

        return ending is null ? null
            : ending.Kind is Ending.NotConfirmed or Ending.Denied
                ? (ending.Kind, $"There is no subscription: at {Words.Say(ending.At.ToMoment())} {Because(ending)}")
            : (ending.Kind, $"The subscription ended at {Words.Say(ending.At.ToMoment())}: {Because(ending)}");
    }

    private static (string Verdict, string Summary) JudgeUnpublished(ExplainedPair pair, HubTopic topic) =>
        topic.FetchError is { } error
            ? ("fetchFailed", $"There is no update: the topic could not be fetched. {Sentence.Of(error)} {NextFetch(pair, topic)}")
        : topic.FetchDue is not null ? ("fetchWaiting", $"There is no update yet. {NextFetch(pair, topic)}")
        : ("nothingPublished", "There is no update: nothing has been published to this topic yet.");

    private static (string Verdict, string Summary) JudgeUpdate(
        ExplainedPair pair,
        HubSubscription subscription,
        HubTopic topic,
        ExplainedEntry update,
        List<HubExplanationStep> steps
    )
    {
        AddUpdate(pair, topic.Id, steps);
        var (verdict, summary) = ExplainingDelivery.Judge(pair, subscription, update, steps);
        if (verdict == "beforeSubscription" && pair.Past is { } past)
        {
            var known = pair with { Progress = past.Progress, PastLetter = past.PastLetter };
            return ExplainingDelivery.JudgeEnded(known, past.Subscription, steps) is ({ } fate, var sentence)
                ? (fate, $"{summary} {OfEarlier(past)}{sentence}")
                : (verdict, summary);
        }

        if (verdict != "delivered" || pair.Asked is not null)
            return (verdict, summary);
        if (topic.FetchError is { } error)
        {
            return (
                "fetchFailed",
                $"{summary} Whether there is a newer one is not known: the topic could not be fetched. {Sentence.Of(error)} "
                    + NextFetch(pair, topic)
            );
        }

        if (topic.PingedAt > (topic.FetchedAt ?? default(DateTimeOffset)) && topic.FetchDue is not null)
            return ("fetchWaiting", $"{summary} The topic was pinged again at {Words.Say(topic.PingedAt.Value)}. {NextFetch(pair, topic)}");
        if (topic.FetchedAt > update.PublishedAt && topic.PingedAt > update.PublishedAt && topic.FetchedAt >= topic.PingedAt)
        {
            return (
                "unchanged",
                $"{summary} The topic was pinged again at {Words.Say(topic.PingedAt.Value)} and fetched at "
                    + $"{Words.Say(topic.FetchedAt.Value)}, but its content was still the same."
            );
        }

        return (verdict, summary);
    }

    private static string OfEarlier(ExplainedPast past) => $"Of the subscription that ended at {Words.Say(past.Subscription.LeaseEnd)}: ";

    /// <summary>Adds which update, or message, this is about.</summary>
    public static void AddUpdate(ExplainedPair pair, string topicId, List<HubExplanationStep> steps)
    {
        if (pair.Update is not { } update)
            return;
        var id = $"{topicId}/{update.Sequence}";
        var (one, newest) = pair.Messages is null ? ("Update", "The newest update") : ("Message", $"The newest message of {pair.Topic}");
        steps.Add(
            new(
                "log",
                update.PublishedAt is not { } at ? $"{one} {id} is no longer kept."
                    : pair.Asked is null ? $"{newest} is {id}, published at {Words.Say(at)}."
                    : $"{one} {id} was published at {Words.Say(at)}."
            )
            {
                At = update.PublishedAt,
                DeliveryId = id,
            }
        );
    }

    private static string NextFetch(ExplainedPair pair, HubTopic topic) =>
        pair.IsFetching ? "It is being fetched."
        : topic.FetchDue is { } due ? $"It is fetched at {Words.Say(due)}."
        : "It is fetched after the next ping.";

    private static void AddFetch(ExplainedPair pair, HubTopic topic, List<HubExplanationStep> steps)
    {
        var next = pair.IsFetching ? null : topic.FetchDue;
        if (topic.PingedAt is { } pinged)
            steps.Add(new("publish", $"The topic was last pinged at {Words.Say(pinged)}.") { At = pinged });
        if (topic is { FetchError: { } error, FetchedAt: { } failed })
        {
            steps.Add(
                new(
                    "fetch",
                    $"It could not be fetched at {Words.Say(failed)}"
                        + $"{(topic.FetchFailures == 1 ? "" : $", {topic.FetchFailures} times in a row")}. {Sentence.Of(error)}"
                )
                {
                    At = failed,
                    NextAttempt = next,
                }
            );
        }
        else if (topic.FetchedAt is { } fetched)
        {
            steps.Add(new("fetch", $"It was last fetched at {Words.Say(fetched)}.") { At = fetched, NextAttempt = next });
        }
    }

    private static string Because(Ending ending) =>
        (
            ending.Kind switch
            {
                Ending.Unsubscribed => "the subscriber unsubscribed.",
                Ending.Revoked => $"an operator revoked it. {Sentence.Of(ending.Reason)}",
                Ending.Deleted => $"an operator deleted it. {Sentence.Of(ending.Reason)}",
                Ending.LeaseEnded => "its lease had ended and had not been renewed.",
                Ending.Gone => "the callback answered 410 Gone.",
                Ending.Denied => $"the hub denied a request. {Sentence.Of(ending.Reason)}",
                _ => $"a request came to nothing, since the callback did not confirm it. {Sentence.Of(ending.Reason)}",
            }
        ).TrimEnd();
}
