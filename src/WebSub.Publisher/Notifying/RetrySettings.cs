using WebSub.Storage;

namespace WebSub.Publisher.Notifying;

/// <summary>The settings that decide when a hub is told again.</summary>
/// <param name="Delays">Before attempt 2, 3, …; the last one repeats.</param>
/// <param name="GiveUpAfter">How long an update is tried, in microseconds.</param>
/// <param name="Interval">The least time between two pings of one topic, in microseconds.</param>
internal sealed record RetrySettings(IList<TimeSpan> Delays, long GiveUpAfter, long Interval)
{
    public static RetrySettings Of(WebSubPublisherOptions options) =>
        new(options.RetryDelays, UnixMicroseconds.From(options.GiveUpAfter), UnixMicroseconds.From(options.CoalesceInterval));
}
