namespace WebSub.Work;

/// <summary>How long to wait after a failure. Pure: the random number is an argument, from 0 to 1.</summary>
internal static class BackOff
{
    private const double Jitter = 0.2;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromDays(1);

    /// <summary>The Nth delay (the last one repeats), ±20 %; never less than what the peer asked for.</summary>
    /// <param name="delays">The delays; not empty.</param>
    /// <param name="failures">How many attempts have failed, from 1.</param>
    /// <param name="chance">A number from 0 to 1.</param>
    /// <param name="retryAfter">What the peer asked for, honoured up to a day.</param>
    public static TimeSpan After(IReadOnlyList<TimeSpan> delays, long failures, double chance, TimeSpan? retryAfter = null) =>
        After(delays[(int)Math.Clamp(failures - 1, 0, delays.Count - 1)], chance, retryAfter);

    /// <summary>The delay, ±20 %; never less than what the peer asked for.</summary>
    public static TimeSpan After(TimeSpan delay, double chance, TimeSpan? retryAfter = null)
    {
        var spread = Spread(delay, Jitter, chance);
        var asked = Heeded(retryAfter ?? TimeSpan.Zero);
        return asked > spread ? asked : spread;
    }

    /// <summary>The length, plus or minus up to this fraction of it.</summary>
    public static TimeSpan Spread(TimeSpan length, double share, double chance) => length * (1 - share + (2 * share * chance));

    /// <summary>A peer's Retry-After, limited to a day.</summary>
    public static TimeSpan Heeded(TimeSpan retryAfter) => retryAfter < LongestRetryAfter ? retryAfter : LongestRetryAfter;
}
