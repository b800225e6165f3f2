using WebSub.Storage;

namespace WebSub.Publisher.Notifying;

/// <summary>The settings that decide when a hub is told again, as the database counts time.</summary>
/// <param name="Delays">Before attempt 2, 3, …; the last one repeats.</param>
/// <param name="GiveUpAfter">How long an update is tried.</param>
/// <param name="Interval">The least time between two pings of one topic.</param>
internal sealed record RetrySettings(IReadOnlyList<long> Delays, long GiveUpAfter, long Interval)
{
    public static RetrySettings Of(WebSubPublisherOptions options) =>
        new(
            [.. options.RetryDelays.Select(UnixMicroseconds.From)],
            UnixMicroseconds.From(options.GiveUpAfter),
            UnixMicroseconds.From(options.CoalesceInterval)
        );

    public long Longest => Delays[^1];

    public long After(long failures) => Delays[(int)Math.Min(failures, Delays.Count) - 1];
}
