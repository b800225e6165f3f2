using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace WebSub.Subscriber.Handlers;

/// <summary>Request headers on their way into the database and back: case-insensitive names, each with all its values.</summary>
internal static class HeaderBag
{
    /// <summary>The headers, with the content encoding of the bytes as received.</summary>
    public static IReadOnlyDictionary<string, StringValues> From(IHeaderDictionary headers, StringValues contentEncoding)
    {
        var all = new Dictionary<string, StringValues>(headers, StringComparer.OrdinalIgnoreCase);
        if (contentEncoding.Count > 0)
            all[HeaderNames.ContentEncoding] = contentEncoding;
        return all;
    }

    public static string Write(IReadOnlyDictionary<string, StringValues> headers) =>
        JsonSerializer.Serialize(headers.ToDictionary(h => h.Key, h => h.Value.ToArray()));

    public static IReadOnlyDictionary<string, StringValues> Read(string json) =>
        JsonSerializer
            .Deserialize<Dictionary<string, string?[]>>(json)!
            .ToDictionary(h => h.Key, h => new StringValues(h.Value), StringComparer.OrdinalIgnoreCase);
}
