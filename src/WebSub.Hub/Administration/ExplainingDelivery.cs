using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Administration;

/// <summary>Says what became of an update, or a message, that was meant for a subscription. Pure, as <see cref="Explaining"/> is.</summary>
internal static class ExplainingDelivery
{
    private const int TooManyRequests = 429;

    public static (string Verdict, string Summary) Judge(
        ExplainedPair pair,
        HubSubscription subscription,
        ExplainedEntry update,
        List<HubExplanationStep> steps
    )
    {
        var it = Named(pair, subscription, update);
        var (verdict, summary) =
            JudgeKnown(pair, subscription, update, it, steps)
            ?? (
                subscription.Position < update.Sequence
                    ? JudgeWaiting(pair, subscription, it, steps)
                    : JudgePassed(pair, subscription, update, it, steps)
            );
        if (subscription.Position < update.Sequence)
            return (verdict, summary);
        return pair.Asked is null && subscription.State == HubSubscriptionState.Paused
            ? ("paused", $"{summary} An operator has paused {PausedOf(subscription)}, so that it gets nothing newer until that is resumed.")
            : (verdict, summary);
    }

    /// <summary>
    /// What had become of an update when its subscription ended; null if it came afterwards, or nothing is known of it. Without a verdict
    /// if it was still to be delivered: the ending is why it was not.
    /// </summary>
    /// <param name="pair">What is known; its progress and past letter are those of the subscription.</param>
    /// <param name="ended">The subscription; its lease ends when it ended.</param>
    /// <param name="steps">Gets the steps.</param>
    public static (string? Verdict, string Summary)? JudgeEnded(ExplainedPair pair, HubSubscription ended, List<HubExplanationStep> steps)
    {
        if (pair.Update is not { } update || update.PublishedAt > ended.LeaseEnd)
            return null;
        var it = Named(pair, ended, update);
        if (JudgeKnown(pair, ended, update, it, steps) is { } known)
            return known;
        if (ended.Position >= update.Sequence)
            return JudgePassed(pair, ended, update, it, steps);
        return update.PublishedAt is null
            ? null
            : (null, $"{it} had not been delivered by then, as far as is recorded; answers of the last second may not be.");
    }

    /// <summary>Adds that it is paused, if it is.</summary>
    public static void AddPause(HubSubscription subscription, List<HubExplanationStep> steps)
    {
        if (subscription.PausedBy.Count > 0)
            steps.Add(new("pause", $"An operator has paused {PausedOf(subscription)}."));
    }

    /// <summary>Adds what was given up lately.</summary>
    public static void AddDeadLetters(ExplainedPair pair, List<HubExplanationStep> steps)
    {
        foreach (var letter in pair.DeadLetters.Reverse())
        {
            steps.Add(
                new("deadLetter", GivenUpOf(letter, NounOf(pair)))
                {
                    At = letter.CreatedAt,
                    DeliveryId = $"{letter.TopicId}/{letter.FirstSequence}",
                    Status = letter.LastStatus,
                }
            );
        }
    }

    private static (string Verdict, string Summary) JudgeWaiting(
        ExplainedPair pair,
        HubSubscription subscription,
        string it,
        List<HubExplanationStep> steps
    ) =>
        subscription.State == HubSubscriptionState.Paused
            ? ("paused", $"{Waiting(pair, subscription, it)} An operator has paused {PausedOf(subscription)}.")
        : subscription.State == HubSubscriptionState.Behind || pair.Progress?.Lane is not { } lane
            ? JudgeBehind(pair, subscription, it, steps)
        : JudgePending(pair, subscription, lane, it, steps);

    /// <summary>
    /// What is on record of an update, wherever the subscription stands: that a replay delivered it, or that it was given up and not
    /// replayed since. Null if neither is.
    /// </summary>
    private static (string Verdict, string Summary)? JudgeKnown(
        ExplainedPair pair,
        HubSubscription subscription,
        ExplainedEntry update,
        string it,
        List<HubExplanationStep> steps
    )
    {
        var letter = pair.GivenUp;
        if (pair.PastLetter is { Fate: PastLetter.Replayed } replayed && !(letter?.CreatedAt >= replayed.At.ToMoment()))
            return JudgePast(replayed, it, subscription, update, steps);
        return letter is null ? null : ("deadLettered", GivenUpOf(letter, NounOf(pair)));
    }

    /// <summary>What became of an update that the subscription's position has passed, and that was not given up.</summary>
    private static (string Verdict, string Summary) JudgePassed(
        ExplainedPair pair,
        HubSubscription subscription,
        ExplainedEntry update,
        string it,
        List<HubExplanationStep> steps
    )
    {
        if (update.PublishedAt is not { } publishedAt)
        {
            return (
                "notKept",
                $"{it} is no longer kept, and it is not recorded whether it came before the subscription began or was delivered; it was "
                    + "not given up in the time for which dead letters are kept."
            );
        }

        // What is older was sent if the subscriber asked for it. An attempt for it alone was made then, and nothing has come since.
        var isInitial = update.Sequence == subscription.Position && subscription.LastAttempt >= subscription.CreatedAt;
        if (pair.Messages is null && publishedAt <= subscription.CreatedAt && !isInitial)
        {
            return (
                "beforeSubscription",
                $"{it} was published at {Words.Say(publishedAt)}, before the subscription began at {Words.Say(subscription.CreatedAt)}."
                    + (pair.Asked is null ? " Nothing has been published since." : "")
            );
        }

        if (pair.Progress?.TakesDiffsAfter < update.Sequence && update.HasEmptyDiff)
        {
            return (
                "nothingNew",
                $"{it} has no entry that is new or changed, so nothing of it is sent to a subscriber that takes differences "
                    + "(hub.content=diff, the default for feeds)."
            );
        }

        if (pair.Progress is { WantsLatest: true } && update.Sequence < subscription.Position && subscription.LastAttempt >= publishedAt)
        {
            return (
                "latestOnly",
                "The subscriber takes only the newest update when it is behind (hub.delivery=latest). It has had "
                    + $"{subscription.TopicId}/{subscription.Position}; whether it was also sent {update.Sequence} is not recorded."
            );
        }

        if (pair.PastLetter is { } past)
            return JudgePast(past, it, subscription, update, steps);
        if (publishedAt < pair.RecordedSince.ToMoment())
        {
            return (
                "notKept",
                $"{it} was published at {Words.Say(publishedAt)} and has had its turn; it is no longer recorded whether it was "
                    + "delivered or given up."
            );
        }

        var by = Latest(pair.Progress?.SavedAt, subscription.LastAttempt);
        var at = by >= publishedAt ? by : null;
        var sentence = $"{it} was delivered{(at is { } known ? $", by {Words.Say(known)}" : "")}.";
        steps.Add(new("delivery", sentence) { At = at, DeliveryId = $"{subscription.TopicId}/{update.Sequence}" });
        return ("delivered", sentence);
    }

    /// <summary>What became of an update that was given up and whose dead letter is not there any more.</summary>
    private static (string Verdict, string Summary) JudgePast(
        PastLetter past,
        string it,
        HubSubscription subscription,
        ExplainedEntry update,
        List<HubExplanationStep> steps
    )
    {
        var at = past.At.ToMoment();
        var sentence = past.Fate switch
        {
            PastLetter.Redelivered => $"{it} was given up at first, sent again, and delivered at {Words.Say(at)}.",
            PastLetter.Replayed when subscription.Position < update.Sequence && subscription.State != HubSubscriptionState.Expired =>
                $"{it} was delivered at {Words.Say(at)} by a replay. It also waits for its turn, and is then sent once more.",
            PastLetter.Replayed => $"{it} was delivered at {Words.Say(at)} by a replay, if not before.",
            PastLetter.Deleted => $"{it} was given up. An operator deleted its dead letter at {Words.Say(at)}.",
            _ => $"{it} was given up. Its dead letter was removed at {Words.Say(at)}, after WebSub:Hub:History:Days.",
        };
        var isDelivered = past.Fate is PastLetter.Redelivered or PastLetter.Replayed;
        steps.Add(
            new(isDelivered ? "delivery" : "deadLetter", sentence) { At = at, DeliveryId = $"{subscription.TopicId}/{update.Sequence}" }
        );
        return (isDelivered ? "delivered" : "deadLettered", sentence);
    }

    /// <summary>An update that goes out with the subscription's lane.</summary>
    private static (string Verdict, string Summary) JudgePending(
        ExplainedPair pair,
        HubSubscription subscription,
        ExplainedLane lane,
        string it,
        List<HubExplanationStep> steps
    )
    {
        var holder =
            !lane.IsOfCluster ? ""
            : lane.Holder is { } node ? $", which node {node} holds"
            : ", which no node holds at the moment: the next that has room takes it";
        var sentence =
            $"It goes out with lane {lane.Number} of the topic ({Words.Count(lane.Size, "subscription")}){holder}. By what is saved, its "
            + $"subscriptions have had all up to {subscription.TopicId}/{lane.Cursor}; that is saved every second.";
        steps.Add(new("lane", sentence) { At = pair.Progress?.SavedAt });
        return ("pending", $"{Waiting(pair, subscription, it)} {sentence}");
    }

    private static (string Verdict, string Summary) JudgeBehind(
        ExplainedPair pair,
        HubSubscription subscription,
        string it,
        List<HubExplanationStep> steps
    )
    {
        var summary = Waiting(pair, subscription, it);
        if (FailureOf(pair, subscription) is { } failure)
        {
            summary += " " + failure;
            steps.Add(
                new("attempt", failure)
                {
                    At = subscription.LastAttempt,
                    // Of messages, those that are none of the subscriber's business are passed over: the next number need not be its.
                    DeliveryId = pair.Messages is null ? FirstOf(pair, subscription) : null,
                    Status = subscription.LastStatus,
                    NextAttempt = pair.Progress?.IsInFlight == true ? null : subscription.NextAttempt,
                }
            );
        }

        if (pair.SilentOrigin is { } origin)
        {
            var silence =
                $"Nothing has answered at {origin} for half a minute or more, so only single attempts are made there until one is "
                + "answered.";
            summary += " " + silence;
            steps.Add(new("origin", silence));
        }

        return ("behind", $"{summary} {NextOf(pair, subscription)}");
    }

    private static string? FailureOf(ExplainedPair pair, HubSubscription subscription)
    {
        var asked = pair.Progress?.NotBefore is not null || subscription.LastStatus == TooManyRequests;
        // What was given up last has left its error behind; nothing has been tried since.
        var isOfThis = subscription.Attempts > 0 || asked;
        if (subscription is not { LastError: { } error, LastAttempt: { } at } || !isOfThis)
            return null;
        var failed = $"The last attempt failed at {Words.Say(at)}. {Sentence.Of(error)}";
        var pause = pair.Progress?.NotBefore is { } until && until > at ? $" It asked for a pause until {Words.Say(until)}." : "";
        return subscription.Attempts switch
        {
            0 => $"{failed}{pause} Pauses that a callback asks for do not count as failed attempts.",
            1 => failed + pause,
            _ => $"{failed}{pause} That makes {subscription.Attempts} failed attempts that count.",
        };
    }

    private static string NextOf(ExplainedPair pair, HubSubscription subscription) =>
        pair.Progress?.IsInFlight == true ? "An attempt is under way."
        : subscription.NextAttempt is { } due && due > pair.Now.ToMoment() ? $"The next attempt is due at {Words.Say(due)}."
        : "The next attempt is about to be made.";

    private static string Waiting(ExplainedPair pair, HubSubscription subscription, string it)
    {
        if (pair.Messages is not null)
            return $"{it} waits for its turn.";
        if (pair.Progress is { WantsLatest: true })
            return $"{it} waits.";
        var first = FirstOf(pair, subscription);
        return subscription.Lag == 1
            ? $"{it} waits."
            : $"{it} waits; {subscription.Lag} updates have yet to be delivered, the first of them {first}.";
    }

    private static string FirstOf(ExplainedPair pair, HubSubscription subscription) =>
        $"{subscription.TopicId}/{(pair.Progress is { WantsLatest: true } ? pair.Update!.Sequence : subscription.Position + 1)}";

    private static string GivenUpOf(HubDeadLetter letter, string noun)
    {
        var first = $"{letter.TopicId}/{letter.FirstSequence}";
        var what = letter.FirstSequence == letter.LastSequence ? $"{noun} {first} was" : $"{noun}s {first} to {letter.LastSequence} were";
        var after =
            letter.FirstSequence == letter.LastSequence && letter.Attempts > 0 ? $", having been tried {Words.Times(letter.Attempts)}" : "";
        if (letter.IsOfReplay)
            what = $"A replay of {noun.ToLowerInvariant()} {first} was";
        return $"{what} given up at {Words.Say(letter.CreatedAt)}{after}. {Sentence.Of(letter.LastError)}".TrimEnd()
            + (letter.IsRedelivering ? " It is being sent again." : "");
    }

    private static string Named(ExplainedPair pair, HubSubscription subscription, ExplainedEntry update) =>
        $"{NounOf(pair)} {subscription.TopicId}/{update.Sequence}";

    private static string NounOf(ExplainedPair pair) => pair.Messages is null ? "Update" : "Message";

    private static string PausedOf(HubSubscription subscription) =>
        string.Join(" and ", subscription.PausedBy.Select(p => p == "subscription" ? "this subscription" : $"its {p}"));

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
