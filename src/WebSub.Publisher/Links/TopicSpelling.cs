using Microsoft.AspNetCore.Http;
using WebSub.Values;

namespace WebSub.Publisher.Links;

/// <summary>
/// The one way in which a topic of this app is written, in headers, pages and pings: hubs compare topics byte for byte. It is that of a
/// request's own URL, whose path ASP.NET Core has decoded.
/// </summary>
internal static class TopicSpelling
{
    /// <summary>A path, and maybe a query.</summary>
    public static string OfPath(string pathAndQuery)
    {
        var ascii = AsciiUrl.Of(pathAndQuery);
        var end = ascii.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? ascii : ascii[..end];
        return PathString.FromUriComponent(path).ToUriComponent() + ascii[path.Length..];
    }

    /// <summary>An absolute URL; that of this app if it begins with <paramref name="publicUrl"/>. Any other text names what it names.</summary>
    public static string Of(string topic, string? publicUrl)
    {
        if (publicUrl is not null && topic.StartsWith(publicUrl + "/", StringComparison.Ordinal))
            return AsciiUrl.Of(publicUrl) + OfPath(topic[publicUrl.Length..]);
        return
            topic.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || topic.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? AsciiUrl.Of(topic)
            : topic;
    }
}
