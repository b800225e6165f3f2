namespace WebSub.Publisher.Notifying;

/// <summary>The settings that decide when a hub is tried again.</summary>
/// <param name="Delays">The delays before attempts 2, 3, …; the last one repeats.</param>
/// <param name="GiveUpAfter">How long an update is retried.</param>
/// <param name="Interval">The minimum time between two pings for one topic.</param>
internal sealed record RetrySettings(IReadOnlyList<TimeSpan> Delays, TimeSpan GiveUpAfter, TimeSpan Interval)
{
    public static RetrySettings Of(WebSubPublisherOptions options) =>
        new([.. options.RetryDelays], options.GiveUpAfter, options.CoalesceInterval);
}
