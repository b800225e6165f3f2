namespace WebSub.Publisher.Notifying;

/// <summary>The settings that decide when a hub is told again.</summary>
/// <param name="Delays">Before attempt 2, 3, …; the last one repeats.</param>
/// <param name="GiveUpAfter">How long an update is tried.</param>
/// <param name="Interval">The least time between two pings of one topic.</param>
internal sealed record RetrySettings(IReadOnlyList<TimeSpan> Delays, TimeSpan GiveUpAfter, TimeSpan Interval)
{
    public static RetrySettings Of(WebSubPublisherOptions options) =>
        new([.. options.RetryDelays], options.GiveUpAfter, options.CoalesceInterval);
}
