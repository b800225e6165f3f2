using System.Buffers;
using System.Globalization;
using System.Text;

namespace WebSub.Values;

/// <summary>
/// The one spelling of a URL where only ASCII may stand: headers, and what peers compare with them. Only what no URL may hold is
/// percent-encoded (RFC 3987 §3.1); what is encoded already, and every other character, stays as it is.
/// </summary>
public static class AsciiUrl
{
    private static readonly SearchValues<char> Kept = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    private static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <summary>The URL, or any other text that names a topic, as it stands in a header.</summary>
    public static string Of(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.AsSpan().ContainsAnyExcept(Kept))
            return url;
        var (start, end) = HostOf(url);
        return Encode(url[..start]) + Host(url[start..end]) + Encode(url[end..]);
    }

    /// <summary>
    /// A URL from a header that was read as Latin-1, one character for each byte: its bytes stay what they were, whatever encoding they
    /// were meant in. Host names alone are text: UTF-8. A backslash in the path is a slash, as in browsers.
    /// </summary>
    public static string OfHeader(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // Other white space is bytes of letters here: the last one of "à" is that of a no-break space.
        value = value.Trim(' ', '\t');
        // Read by some other client, which has decoded it.
        if (value.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
            return LooseReference.Clean(Of(value));
        var (start, end) = HostOf(value);
        return LooseReference.Clean(
            EncodeBytes(value[..start])
                + Host(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value[start..end])))
                + EncodeBytes(value[end..])
        );
    }

    /// <summary>Where the host and its port are; nothing in a text without an authority.</summary>
    private static (int Start, int End) HostOf(string url)
    {
        var slashes = url.IndexOf("//", StringComparison.Ordinal);
        if (slashes < 0 || url.AsSpan(0, slashes).ContainsAny('/', '?', '#') || (slashes > 0 && url[slashes - 1] != ':'))
            return (0, 0);
        var start = slashes + 2;
        var length = url.AsSpan(start).IndexOfAny('/', '?', '#');
        var end = length < 0 ? url.Length : start + length;
        var user = url.AsSpan(start, end - start).LastIndexOf('@');
        return (start + user + 1, end);
    }

    private static string Host(string host)
    {
        if (Ascii.IsValid(host))
            return Encode(host);
        var port = host.LastIndexOf(':');
        var name = port < 0 ? host : host[..port];
        try
        {
            return Idn.GetAscii(name) + host[name.Length..];
        }
        catch (ArgumentException)
        {
            return Encode(host);
        }
    }

    private static string Encode(string text) => EncodeBytes(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)));

    private static string EncodeBytes(string latin1)
    {
        if (!latin1.AsSpan().ContainsAnyExcept(Kept))
            return latin1;
        var result = new StringBuilder(latin1.Length * 2);
        foreach (var c in latin1)
        {
            if (Kept.Contains(c))
                result.Append(c);
            else
                result.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
        }

        return result.ToString();
    }
}
