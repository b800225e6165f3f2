namespace WebSub.Subscriber.Subscriptions;

/// <summary>How long to wait after the Nth failure.</summary>
internal static class BackOff
{
    private const double Jitter = 0.2;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>The Nth of the delays (the last one repeats), 20 % more or less; never less than what the peer asked for.</summary>
    /// <param name="delays">The delays; not empty.</param>
    /// <param name="failures">How many attempts have failed, from 1.</param>
    /// <param name="random">A number from 0 to 1.</param>
    /// <param name="retryAfter">What the peer asked for; a day at most is heeded.</param>
    public static TimeSpan After(IReadOnlyList<TimeSpan> delays, int failures, double random, TimeSpan? retryAfter = null)
    {
        var delay = delays[Math.Clamp(failures - 1, 0, delays.Count - 1)] * (1 - Jitter + (2 * Jitter * random));
        var asked = retryAfter is { } wait && wait > LongestRetryAfter ? LongestRetryAfter : retryAfter ?? TimeSpan.Zero;
        return asked > delay ? asked : delay;
    }
}
