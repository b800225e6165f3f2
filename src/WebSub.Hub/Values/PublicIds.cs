using System.Globalization;

namespace WebSub.Hub.Values;

/// <summary>
/// Ids as callers see them: text. A subscription's has the time at which it was stored as well, since SQLite uses numbers again.
/// </summary>
internal static class PublicIds
{
    public static string Of(TopicId id) => $"{id.Value:x16}";

    public static string OfDelivery(TopicId topic, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{Of(topic)}/{sequence}");

    public static string OfSubscription(long id, long createdAt) => string.Create(CultureInfo.InvariantCulture, $"{id}-{createdAt}");

    public static string OfNumber(long id) => id.ToString(CultureInfo.InvariantCulture);

    public static TopicId? Topic(string text) =>
        text.Length == 16 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? new(id) : null;

    public static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static (long Id, long CreatedAt)? Subscription(string text) =>
        text.Split('-') is [var id, var createdAt] && Number(id) is { } number && Number(createdAt) is { } at ? (number, at) : null;
}
