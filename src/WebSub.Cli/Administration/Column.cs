using System.Globalization;
using System.Text.Json;

namespace WebSub.Cli.Administration;

/// <summary>A column of a table of what the API lists.</summary>
/// <param name="Heading">Above it.</param>
/// <param name="Cell">What it has for an item.</param>
/// <param name="IsWhole">True for what one copies: it is not broken into lines.</param>
internal sealed record Column(string Heading, Func<JsonElement, string?> Cell, bool IsWhole = false)
{
    /// <summary>The property as text; null if it is not there.</summary>
    public static string? Text(JsonElement item, string name) =>
        !item.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ToString();

    /// <summary>The time in the property, in this machine's zone.</summary>
    public static string? Time(JsonElement item, string name) =>
        DateTimeOffset.TryParse(Text(item, name), CultureInfo.InvariantCulture, out var at)
            ? $"{TimeZoneInfo.ConvertTime(at, TimeZoneInfo.Local):yyyy-MM-dd HH:mm:ss}"
            : null;

    public static bool IsTrue(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
