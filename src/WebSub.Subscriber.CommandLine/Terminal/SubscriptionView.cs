using System.Globalization;

namespace WebSub.Subscriber.CommandLine.Terminal;

/// <summary>How subscriptions are shown: a row of a table, or an object of JSON.</summary>
internal static class SubscriptionView
{
    public static IReadOnlyList<string> Headings { get; } = ["Id", "State", "Handler", "Target", "Lease ends", "Next", "Reason"];

    // Eight characters of the id leave room for the rest on 80 columns, and every command takes them.
    public static IEnumerable<string> Cells(WebSubSubscription s) =>
        [
            s.Id.ToString("D")[..8],
            State(s),
            s.Handler,
            s.Target.ToString(),
            Time(s.LeaseEnd) ?? "",
            Time(s.NextActionAt) ?? "",
            s.Reason ?? "",
        ];

    public static string State(WebSubSubscription s) =>
        s.RequestState is { } request
            ? $"{s.State} ({request}{(s.FailedAttempts > 0 ? $", {s.FailedAttempts} failed" : "")})"
            : s.State.ToString();

    public static string? Time(DateTimeOffset? at) =>
        at?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of time: days, hours, minutes, seconds.</summary>
    public static string Length(TimeSpan length) => length.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>The callback is left out: whoever has it can send to the subscription.</summary>
    public static object Json(WebSubSubscription s, string? action = null) =>
        new
        {
            action,
            s.Id,
            s.Handler,
            s.State,
            Resource = s.Target.ResourceUrl,
            Topic = s.Topic ?? s.Target.TopicName,
            Hub = s.Hub ?? s.Target.HubUrl,
            s.Parent,
            s.RequestState,
            s.FailedAttempts,
            s.LeaseEnd,
            s.RenewAt,
            s.NextActionAt,
            s.IsSigned,
            s.Received,
            s.ReceivedAt,
            UsualPauseSeconds = s.UsualPause?.TotalSeconds,
            s.SilentSince,
            s.Silence,
            s.Missed,
            s.Reason,
            s.CreatedAt,
            s.ChangedAt,
        };
}
