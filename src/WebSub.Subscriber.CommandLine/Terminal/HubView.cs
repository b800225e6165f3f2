using System.Globalization;

namespace WebSub.Subscriber.CommandLine.Terminal;

/// <summary>How hubs are shown: a row of a table, or an object of JSON.</summary>
internal static class HubView
{
    public static IReadOnlyList<string> Headings { get; } = ["Hub", "State", "Subscriptions", "Last received", "Usual pause", "Missed"];

    public static IEnumerable<string> Cells(WebSubHubHealth h) =>
        [
            h.Hub,
            h.State == WebSubHubState.PartlySilent ? "Partly silent" : h.State.ToString(),
            h.Silent == 0 ? Number(h.Subscriptions) : $"{Number(h.Subscriptions)}, {Number(h.Silent)} silent",
            SubscriptionView.Time(h.ReceivedAt) ?? "",
            h.UsualPause is { } pause ? SubscriptionView.Length(pause) : "",
            Number(h.Missed),
        ];

    public static object Json(WebSubHubHealth h) =>
        new
        {
            h.Hub,
            h.State,
            h.Subscriptions,
            h.Silent,
            h.SilentSince,
            h.Received,
            h.ReceivedAt,
            UsualPauseSeconds = h.UsualPause?.TotalSeconds,
            h.Missed,
        };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
