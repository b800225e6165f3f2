using System.Globalization;

namespace WebSub.Hub.Administration;

/// <summary>What explanations say in more than one place.</summary>
internal static class Words
{
    /// <summary>Where a missing subscription leaves no trace.</summary>
    public const string NoTrace =
        "None has ended in the last 30 days, and no request for one is waiting; one that was refused at once (4xx) leaves no trace. "
        + "Callbacks are compared byte for byte, including their queries.";

    /// <summary>A moment.</summary>
    public static string Say(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>How many of something.</summary>
    public static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>How often.</summary>
    public static string Times(long count) =>
        count switch
        {
            1 => "once",
            2 => "twice",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} times"),
        };
}
