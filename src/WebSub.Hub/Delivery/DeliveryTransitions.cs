namespace WebSub.Hub.Delivery;

/// <summary>Decides what an outcome means for a subscription. Pure: all it knows is in its arguments.</summary>
internal static class DeliveryTransitions
{
    private const double Jitter = 0.2;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);

    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="attempts">Failed attempts of this entry before this one.</param>
    /// <param name="retrySeconds">The schedule.</param>
    /// <param name="random">A number from 0 up to 1, for jitter.</param>
    public static DeliveryDecision Decide(DeliveryOutcome outcome, long attempts, IReadOnlyList<long> retrySeconds, double random)
    {
        switch (outcome.Result)
        {
            case DeliveryResult.Delivered:
                return DeliveryDecision.Advance.Instance;

            case DeliveryResult.Gone:
                return DeliveryDecision.End.Instance;

            case DeliveryResult.Throttled:
                // A pause that the subscriber asked for does not use up the schedule (rule 23).
                return new DeliveryDecision.Retry(AtMost(outcome.RetryAfter ?? DefaultPause), attempts);

            default:
                if (attempts >= retrySeconds.Count) return new DeliveryDecision.GiveUp(attempts + 1);
                var scheduled = TimeSpan.FromSeconds(retrySeconds[(int)attempts] * (1 - Jitter + (2 * Jitter * random)));
                var asked = AtMost(outcome.RetryAfter ?? TimeSpan.Zero);
                return new DeliveryDecision.Retry(asked > scheduled ? asked : scheduled, attempts + 1);
        }
    }

    private static TimeSpan AtMost(TimeSpan wait) => wait < LongestRetryAfter ? wait : LongestRetryAfter;
}
