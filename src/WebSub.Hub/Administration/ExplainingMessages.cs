using WebSub.Hub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>
/// Says why a callback did or did not get a message of a topic of the predicate API. Pure, as <see cref="Explaining"/> is.
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

        ExplainingDelivery.AddPause(subscription, steps);
        ExplainingDelivery.AddDeadLetters(pair, steps);
        if (pair.Update is not { } update)
        {
            var since = running.Where(p => p.Covers(messages.Key)).Min(p => p.CreatedAt).ToMoment();
            return pair.Asked is { } asked
                ? (
                    "noSuchUpdate",
                    $"{subscription.TopicId}/{asked} is no message of {pair.Topic} that has come since the callback subscribed at "
                        + $"{Words.Say(since)} and is still kept."
                )
                : (
                    "nothingPublished",
                    $"No message of {pair.Topic} has come since the callback subscribed at {Words.Say(since)}, or none is still kept."
                );
        }

        Explaining.AddUpdate(pair, subscription.TopicId, steps);
        return ExplainingDelivery.Judge(pair, subscription, update, steps);
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
            return Explaining.WithUpdate(
                pair,
                pair.Past,
                (
                    "leaseEnded",
                    $"The lease of {expired.Topic} ended at {Words.Say(expired.LeaseEnd.ToMoment())} and was not renewed; nothing has been "
                        + "sent since."
                ),
                steps
            );
        }

        if (Explaining.JudgeEnded(pair, steps) is { } ended)
            return ended;
        if (running.Count == 0)
            return ("neverSubscribed", $"This callback has no subscription that covers {pair.Topic}. {Words.NoTrace}");

        var parts = running.FindAll(p => p.Pattern.StartsWith(messages.Key, StringComparison.Ordinal));
        return (
            "filtered",
            parts.Count > 0
                ? $"Of {pair.Topic}, the callback is subscribed to {NamesOf(parts)} only; it gets no other messages of it."
                : $"The callback is subscribed to {NamesOf(running)}, which {(running.Count == 1 ? "does" : "do")} not cover "
                    + $"{pair.Topic}; it does not get its messages."
        );
    }

    private static string NamesOf(List<PatternRow> patterns) =>
        string.Join(", ", patterns.Take(Named).Select(p => p.Topic))
        + (patterns.Count > Named ? $" and {patterns.Count - Named} more" : "");
}
