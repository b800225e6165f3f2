using System.Globalization;
using System.Text;

namespace WebSub.Publisher.Links;

/// <summary>
/// The one spelling of a topic, in headers, in documents and in what hubs are told: hubs compare topics byte for byte. Percent-encoded is
/// what cannot stand in a URL and a header (RFC 3987 §3.1). Of the app's own paths there is more than one spelling for the same resource
/// (<c>/%7Eme</c>, <c>/~me</c>), of which requests do not tell which was used; there one is taken.
/// </summary>
internal static class TopicSpelling
{
    private const string PathMarks = "-._~!$&'()*+,;=:@";

    /// <summary>
    /// A URL: only what must be encoded is, and a host in letters outside ASCII is written as DNS has it. Other text that a hub may know a
    /// topic by stays as it is.
    /// </summary>
    public static string OfUrl(string url)
    {
        if (
            !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            && !url.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        )
            return url;
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(start).IndexOfAny("/?#") is >= 0 and var length ? start + length : url.Length;
        return Host(url[..end]) + Encode(url[end..]);
    }

    /// <summary>A path of the app's, with or without a query, as a programmer writes it.</summary>
    public static string OfPath(string pathAndQuery)
    {
        var end = pathAndQuery.AsSpan().IndexOfAny("?#") is >= 0 and var at ? at : pathAndQuery.Length;
        return Path(pathAndQuery[..end]) + Encode(pathAndQuery[end..]);
    }

    /// <summary>A path as a request has it: decoded but for slashes and what is no UTF-8.</summary>
    public static string OfDecodedPath(string path)
    {
        var escaped = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            var isKept = path[i] != '%' || Escape(path, i) is '/' or >= 0x80;
            escaped.Append(isKept ? path[i] : "%25");
        }

        return Path(escaped.ToString());
    }

    /// <summary>A query, with its question mark; how its values are encoded is the app's affair.</summary>
    public static string OfQuery(string query) => Encode(query);

    private static string Path(string path)
    {
        var result = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && Escape(path, i) is { } value)
            {
                if (IsPathMark(value))
                    result.Append((char)value);
                else
                    result.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
                i += 2;
            }
            else if (path[i] == '/' || IsPathMark(path[i]))
            {
                result.Append(path[i]);
            }
            else
            {
                var length = char.IsSurrogatePair(path, i) ? 2 : 1;
                result.Append(Uri.EscapeDataString(path.AsSpan(i, length)));
                i += length - 1;
            }
        }

        return result.ToString();
    }

    private static bool IsPathMark(int c) => char.IsAsciiLetterOrDigit((char)c) || PathMarks.Contains((char)c, StringComparison.Ordinal);

    /// <summary>The byte that is percent-encoded here; null if none is.</summary>
    private static int? Escape(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2])
            ? int.Parse(text.AsSpan(at + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : null;

    private static string Encode(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is <= ' ' or >= 0x7f or '<' or '>' or '"')
                result.Append(Uri.EscapeDataString(rune.ToString()));
            else
                result.Append((char)rune.Value);
        }

        return result.ToString();
    }

    private static string Host(string schemeAndHost) =>
        !Ascii.IsValid(schemeAndHost) && Uri.TryCreate(schemeAndHost, UriKind.Absolute, out var url) && HasIdnHost(url)
            ? schemeAndHost.Replace(url.Host, url.IdnHost, StringComparison.OrdinalIgnoreCase)
            : Encode(schemeAndHost);

    private static bool HasIdnHost(Uri url)
    {
        try
        {
            return url.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            return false;
        }
    }
}
