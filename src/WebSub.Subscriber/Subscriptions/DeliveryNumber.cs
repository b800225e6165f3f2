using System.Globalization;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>A numbered delivery id, as our hub writes them: a random name of the topic, a slash, the number of the update.</summary>
/// <param name="Series">What comes before the number.</param>
/// <param name="Number">The number.</param>
internal sealed record DeliveryNumber(string Series, long Number)
{
    /// <summary>The number of an id; null if it has none.</summary>
    public static DeliveryNumber? Of(string? id) =>
        id?.LastIndexOf('/') is { } slash and > 0
        && long.TryParse(id[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(id[..slash], number)
            : null;
}
