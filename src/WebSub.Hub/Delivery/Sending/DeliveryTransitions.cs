using WebSub.Work;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>Decides what an outcome means for a subscription. Pure: all it knows is in its arguments.</summary>
internal static class DeliveryTransitions
{
    /// <summary>How long a subscription waits whose row cannot be used.</summary>
    public static readonly TimeSpan UnusablePause = TimeSpan.FromHours(1);

    private const int AnswersToGiveUp = 3;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLeastPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);

    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="history">What came before it.</param>
    /// <param name="retryDelays">The schedule.</param>
    /// <param name="random">A number from 0 up to 1, for jitter.</param>
    public static DeliveryDecision Decide(
        DeliveryOutcome outcome,
        DeliveryHistory history,
        IReadOnlyList<TimeSpan> retryDelays,
        double random
    )
    {
        switch (outcome.Result)
        {
            case DeliveryResult.Delivered:
                return DeliveryDecision.Advance.Instance;

            case DeliveryResult.Gone:
                return DeliveryDecision.End.Instance;

            case DeliveryResult.Throttled:
                // A pause that the subscriber asked for does not use up the schedule (rule 23). Who asks again and again is asked less and
                // less: it does not set our pace.
                var pause = BackOff.Heeded(outcome.RetryAfter ?? DefaultPause);
                var least = LeastPause(history.Paused);
                return new DeliveryDecision.Retry(pause > least ? pause : least, history.Attempts);

            default:
                var attempts = history.Attempts;
                // A payload that one subscriber will never take must not hold back what follows; an outage is no opinion about it, so
                // every other failure has the whole schedule (rule 22).
                if (history.NewerWaits && outcome.SpeaksOfPayload && history.Answered + 1 >= AnswersToGiveUp)
                    return new DeliveryDecision.GiveUp(attempts + 1);
                if (history.IsExtra)
                    return new DeliveryDecision.Retry(BackOff.Heeded(outcome.RetryAfter ?? TimeSpan.Zero), attempts);
                if (attempts >= retryDelays.Count)
                    return new DeliveryDecision.GiveUp(attempts + 1);
                return new DeliveryDecision.Retry(BackOff.After(retryDelays[(int)attempts], random, outcome.RetryAfter), attempts + 1);
        }
    }

    private static TimeSpan LeastPause(TimeSpan? before) =>
        before is not { } last || last * 2 < ShortestPause ? ShortestPause
        : last * 2 < LongestLeastPause ? last * 2
        : LongestLeastPause;
}
