using System.Text.Json;

namespace WebSub.Cli.Listening;

/// <summary>Reads JSON Feed (https://jsonfeed.org/version/1.1).</summary>
internal static class JsonFeed
{
    private const string Version = "https://jsonfeed.org/version/";

    /// <summary>Its items; null if the text is no JSON Feed.</summary>
    public static IReadOnlyList<FeedItem>? Read(string text)
    {
        if (!text.Contains(Version, StringComparison.Ordinal))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return
                document.RootElement is { ValueKind: JsonValueKind.Object } feed
                && Text(feed, "version")?.StartsWith(Version, StringComparison.Ordinal) == true
                && feed.TryGetProperty("items", out var items)
                && items.ValueKind == JsonValueKind.Array
                ? [.. items.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(Item)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static FeedItem Item(JsonElement item) =>
        new(
            Text(item, "id"),
            Text(item, "title"),
            Text(item, "url") ?? Text(item, "external_url"),
            Time(item, "date_modified") ?? Time(item, "date_published"),
            item.GetRawText()
        );

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time)
            ? time
            : null;
}
