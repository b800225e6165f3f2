using WebSub.Hub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>
/// Says why a callback did or did not get the newest message of a topic of the predicate API. Pure, as <see cref="Explaining"/> is.
/// </summary>
internal static class ExplainingMessages
{
    /// <summary>How many of a callback's topics are named.</summary>
    private const int Named = 5;

    public static (string Verdict, string Summary) Judge(ExplainedPair pair, ExplainedMessages messages, List<HubExplanationStep> steps)
    {
        var running = messages.Patterns.Where(p => p.LeaseEnd > pair.Now).ToList();
        if (running.Count > 0)
            steps.Add(new("subscription", $"The callback is subscribed to {NamesOf(running)}."));
        if (pair.Subscription is not { } subscription)
            return JudgeWithout(pair, messages, running, steps);

        Explaining.AddDeadLetters(pair, steps);
        if (messages.Newest is not { } newest)
        {
            var since = running.Where(p => p.Covers(messages.Key)).Min(p => p.CreatedAt).ToMoment();
            return (
                "nothingSince",
                $"No message of {pair.Topic} that is still kept has come since the callback subscribed at {Explaining.Say(since)}."
            );
        }

        var id = $"{subscription.TopicId}/{newest.Sequence}";
        steps.Add(
            new("log", $"The newest message of {pair.Topic} is {id}, published at {Explaining.Say(newest.PublishedAt)}.")
            {
                At = newest.PublishedAt,
                DeliveryId = id,
            }
        );
        return JudgeDelivery(pair, subscription, newest, id, steps);
    }

    private static (string Verdict, string Summary) JudgeDelivery(
        ExplainedPair pair,
        HubSubscription subscription,
        ExplainedEntry newest,
        string id,
        List<HubExplanationStep> steps
    )
    {
        if (pair.DeadLetters.FirstOrDefault(d => d.FirstSequence <= newest.Sequence && newest.Sequence <= d.LastSequence) is { } letter)
        {
            return (
                "deadLettered",
                $"Message {id} was given up at {Explaining.Say(letter.CreatedAt)} after {letter.Attempts} attempts. {letter.LastError}"
            );
        }

        if (subscription.Position >= newest.Sequence)
        {
            steps.Add(
                new("delivery", $"It has had everything up to {id}.") { At = pair.SavedAt ?? subscription.LastAttempt, DeliveryId = id }
            );
            return ("delivered", $"It has had message {id}.");
        }

        if (subscription.State == HubSubscriptionState.Paused)
            return ("paused", $"An operator has paused {Explaining.PausedOf(subscription)}; message {id} waits until that is resumed.");
        if (subscription.LastError is not { } error)
            return ("behind", $"Message {id} waits. It is on its way.");
        var then = subscription.NextAttempt is { } due ? $" It is tried again at {Explaining.Say(due)}." : "";
        steps.Add(
            new("attempt", $"What comes first has failed {subscription.Attempts} times. {error}")
            {
                At = subscription.LastAttempt,
                Status = subscription.LastStatus,
                NextAttempt = subscription.NextAttempt,
            }
        );
        return ("behind", $"Message {id} waits: what comes first has failed {subscription.Attempts} times. {error}{then}");
    }

    private static (string Verdict, string Summary) JudgeWithout(
        ExplainedPair pair,
        ExplainedMessages messages,
        List<PatternRow> running,
        List<HubExplanationStep> steps
    )
    {
        if (messages.Patterns.FirstOrDefault(p => p.Covers(messages.Key)) is { } expired)
        {
            return (
                "leaseEnded",
                $"The lease of {expired.Topic} ended at {Explaining.Say(expired.LeaseEnd.ToMoment())} and was not renewed."
            );
        }

        if (Explaining.JudgeEnded(pair, steps) is { } ended)
            return ended;
        if (running.Count == 0)
        {
            return (
                "neverSubscribed",
                $"This callback has no subscription that covers {pair.Topic}, and none has ended in the last 30 days. Callbacks are "
                    + "compared byte for byte, their queries included."
            );
        }

        var parts = running.FindAll(p => p.Pattern.StartsWith(messages.Key, StringComparison.Ordinal));
        return (
            "filtered",
            parts.Count > 0
                ? $"Of {pair.Topic} the callback is subscribed to {NamesOf(parts)} only: all else is for others."
                : $"The callback is subscribed to {NamesOf(running)}, which {(running.Count == 1 ? "does" : "do")} not cover "
                    + $"{pair.Topic}: its messages are for others."
        );
    }

    private static string NamesOf(List<PatternRow> patterns) =>
        string.Join(", ", patterns.Take(Named).Select(p => p.Topic))
        + (patterns.Count > Named ? $" and {patterns.Count - Named} more" : "");
}
