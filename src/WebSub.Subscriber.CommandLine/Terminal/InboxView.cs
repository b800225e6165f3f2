using System.Globalization;

namespace WebSub.Subscriber.CommandLine.Terminal;

/// <summary>How stored notifications are shown.</summary>
internal static class InboxView
{
    public static IReadOnlyList<string> Headings { get; } =
    ["Id", "State", "Subscription", "Topic", "Received", "Bytes", "Attempts", "Next", "Last error"];

    public static IEnumerable<string> Cells(WebSubInboxItem item) =>
        [
            item.Id.ToString(CultureInfo.InvariantCulture),
            item.State.ToString(),
            item.SubscriptionId.ToString("D")[..8],
            item.Topic,
            SubscriptionView.Time(item.ReceivedAt)!,
            item.Length.ToString(CultureInfo.InvariantCulture),
            item.Attempts.ToString(CultureInfo.InvariantCulture),
            SubscriptionView.Time(item.NextAttemptAt) ?? "",
            item.LastError ?? "",
        ];

    public static object Json(WebSubInboxItem item, string? action = null) =>
        new
        {
            action,
            item.Id,
            item.State,
            item.SubscriptionId,
            item.Topic,
            item.DeliveryId,
            item.ContentType,
            item.Length,
            item.ReceivedAt,
            item.Attempts,
            item.NextAttemptAt,
            item.FinishedAt,
            item.LastError,
        };
}
