using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Handlers;

/// <summary>Request headers on their way into the database and back: names in any case, each with all its values.</summary>
internal static class HeaderBag
{
    public static IReadOnlyDictionary<string, StringValues> From(IHeaderDictionary headers) => new Dictionary<string, StringValues>(headers, StringComparer.OrdinalIgnoreCase);

    public static string Write(IReadOnlyDictionary<string, StringValues> headers) => JsonSerializer.Serialize(headers.ToDictionary(h => h.Key, h => h.Value.ToArray()));

    public static IReadOnlyDictionary<string, StringValues> Read(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, string?[]>>(json)!.ToDictionary(h => h.Key, h => new StringValues(h.Value), StringComparer.OrdinalIgnoreCase);
}
