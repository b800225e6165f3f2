using System.Globalization;

namespace WebSub.Subscriber.Health;

/// <summary>Decides whether a hub is silent: whether it has delivered nothing for much longer than it usually does. Pure.</summary>
internal static class HubSilence
{
    /// <summary>Fewer deliveries than this do not show what is usual.</summary>
    public const int LeastDeliveries = 5;

    /// <summary>Why the hub counts as silent; null if it does not.</summary>
    /// <param name="deliveries">How many deliveries it made.</param>
    /// <param name="last">When the last one came.</param>
    /// <param name="usualPause">The usual pause between them.</param>
    /// <param name="options">What counts as silence.</param>
    /// <param name="now">The time.</param>
    public static string? Reason(
        long deliveries,
        DateTimeOffset? last,
        TimeSpan? usualPause,
        WebSubHealthOptions options,
        DateTimeOffset now
    )
    {
        if (options.SilentAfter <= TimeSpan.Zero || deliveries < LeastDeliveries || last is not { } at || usualPause is not { } pause)
            return null;
        var silent = now - at;
        return silent >= options.SilentAfter && silent >= pause * options.SilentAfterPauses
            ? $"The hub has delivered nothing for {Words(silent)}; its usual pause is {Words(pause)}."
            : null;
    }

    /// <summary>A length of time as people say it.</summary>
    public static string Words(TimeSpan time) =>
        time.TotalDays >= 2 ? Number(time.TotalDays, "days")
        : time.TotalHours >= 2 ? Number(time.TotalHours, "hours")
        : time.TotalMinutes >= 2 ? Number(time.TotalMinutes, "minutes")
        : Number(time.TotalSeconds, "seconds");

    private static string Number(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {unit}");
}
