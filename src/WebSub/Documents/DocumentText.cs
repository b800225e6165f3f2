using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace WebSub.Documents;

/// <summary>
/// Turns a body into text as browsers do: by its byte order mark, the charset of its content type, the declaration in an XML document or an
/// HTML page, else as UTF-8. An unknown charset counts as none, and invalid bytes become U+FFFD: nothing throws.
/// </summary>
public static class DocumentText
{
    private const int DeclarationBytes = 4096;

    private static readonly SearchValues<char> LabelEnds = SearchValues.Create("\"'; ,\t\r\n/>");

    /// <summary>The body as text, without a byte order mark.</summary>
    /// <param name="body">The bytes, no longer compressed.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null if there was none.</param>
    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        var (encoding, mark) = Detect(body, contentType);
        return encoding.GetString(body[mark..]);
    }

    /// <summary>The encoding that <see cref="Decode"/> reads the body in.</summary>
    /// <param name="body">The bytes, no longer compressed.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null if there was none.</param>
    public static Encoding EncodingOf(ReadOnlySpan<byte> body, string? contentType) => Detect(body, contentType).Encoding;

    /// <summary>The body as text, without a byte order mark; null if some of its bytes do not fit its charset.</summary>
    /// <param name="body">The bytes, no longer compressed.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null if there was none.</param>
    public static string? DecodeStrictly(ReadOnlySpan<byte> body, string? contentType)
    {
        var (encoding, mark) = Detect(body, contentType);
        // A clone, not another one by its number: only the provider of code pages knows the numbers, and it may not be registered.
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        try
        {
            return strict.GetString(body[mark..]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static (Encoding Encoding, int MarkLength) Detect(ReadOnlySpan<byte> body, string? contentType)
    {
        if (Mark(body) is { } marked)
            return marked;
        var isUtf16 = Utf16ByItsZeros(body);
        if (isUtf16 is not null)
            return (isUtf16, 0);
        var encoding = ByHeader(body, contentType) ?? Declared(body, MediaType(contentType)) ?? Fallback(body, contentType);
        return (encoding, 0);
    }

    private static (Encoding Encoding, int MarkLength)? Mark(ReadOnlySpan<byte> body) =>
        body switch
        {
            [0xef, 0xbb, 0xbf, ..] => (Encoding.UTF8, 3),
            [0xff, 0xfe, 0, 0, ..] => (Encoding.UTF32, 4),
            [0, 0, 0xfe, 0xff, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
            [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
            [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
            _ => null,
        };

    /// <summary>
    /// UTF-16 without a mark shows in the zeros between two ASCII characters (XML 1.0, appendix F). No other encoding has such a start, so
    /// it beats what a header says, which often enough leaves the byte order open (RFC 2781 §4.3).
    /// </summary>
    private static Encoding? Utf16ByItsZeros(ReadOnlySpan<byte> body) =>
        body switch
        {
            [0, > 0 and < 0x80, 0, > 0 and < 0x80, ..] => Encoding.BigEndianUnicode,
            [> 0 and < 0x80, 0, > 0 and < 0x80, 0, ..] => Encoding.Unicode,
            _ => null,
        };

    private static Encoding? ByHeader(ReadOnlySpan<byte> body, string? contentType)
    {
        foreach (var label in HeaderCharsets(contentType ?? ""))
        {
            if (Charsets.Find(label) is { } known)
                return IsReadByteByByte(known) || !StartsInAscii(body) ? known : null;
        }

        return null;
    }

    /// <summary>The charset parameters of a content type; some servers and proxies each add one.</summary>
    private static IEnumerable<string> HeaderCharsets(string contentType)
    {
        const string Name = "charset";
        for (
            var at = contentType.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = contentType.IndexOf(Name, at + Name.Length, StringComparison.OrdinalIgnoreCase)
        )
        {
            if (at > 0 && contentType[at - 1] is ';' or ',' or ' ' or '\t' && LabelAfter(contentType.AsSpan(at + Name.Length)) is { } label)
                yield return label;
        }
    }

    private static string MediaType(string? contentType) => (contentType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();

    /// <summary>The encoding that <c>&lt;?xml encoding=…?&gt;</c> or, in a page, <c>&lt;meta charset=…&gt;</c> names.</summary>
    private static Encoding? Declared(ReadOnlySpan<byte> body, string mediaType)
    {
        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, DeclarationBytes)]);
        var xml = start.IndexOf("<?xml", StringComparison.Ordinal);
        // Junk before the declaration is common; markup before it means that it belongs to something quoted.
        if (xml >= 0 && (xml == 0 || !start.AsSpan(0, xml).Contains('<') || start.AsSpan(0, xml).TrimStart().StartsWith("<!--")))
        {
            var end = start.IndexOf("?>", xml, StringComparison.Ordinal);
            if (end > 0 && Charsets.Find(Attribute(start.AsSpan(xml, end - xml), "encoding")) is { } declared)
                return DeclaredInAscii(declared);
        }

        return MayBePage(mediaType) ? DeclaredInMeta(start) : null;
    }

    private static Encoding? DeclaredInMeta(string start)
    {
        for (
            var at = start.IndexOf("<meta", StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = start.IndexOf("<meta", at + 5, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = start.IndexOf('>', at);
            if (end < 0)
                return null;
            if (Charsets.Find(Attribute(start.AsSpan(at, end - at), "charset")) is { } declared)
                return ReferenceEquals(declared, OneByteEncoding.UserDefined) ? Charsets.Find("windows-1252") : DeclaredInAscii(declared);
        }

        return null;
    }

    /// <summary>A declaration that could be read byte by byte is not in UTF-16, whatever it says (HTML §13.2.3.2 says the same).</summary>
    private static Encoding DeclaredInAscii(Encoding declared) => IsReadByteByByte(declared) ? declared : Encoding.UTF8;

    private static bool IsReadByteByByte(Encoding encoding) => encoding.IsSingleByte || encoding.GetByteCount("<") == 1;

    private static bool StartsInAscii(ReadOnlySpan<byte> body) =>
        body.Length >= 4 && body[..4].IndexOfAnyExceptInRange((byte)1, (byte)0x7f) < 0;

    private static bool MayBePage(string mediaType) =>
        mediaType is "" or "text/html" or "application/xhtml+xml" or "text/plain" or "application/octet-stream";

    private static string? Attribute(ReadOnlySpan<char> tag, string name)
    {
        var at = tag.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : LabelAfter(tag[(at + name.Length)..]);
    }

    private static string? LabelAfter(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        if (text is not ['=', ..])
            return null;
        text = text[1..].TrimStart().TrimStart("\"'").TrimStart();
        var end = text.IndexOfAny(LabelEnds);
        return (end < 0 ? text : text[..end]).ToString();
    }

    /// <summary>UTF-8; a page that is none is in what browsers take pages to be in that say nothing.</summary>
    private static Encoding Fallback(ReadOnlySpan<byte> body, string? contentType) =>
        MediaType(contentType) == "text/html" && !Utf8.IsValid(body) ? Charsets.Find("windows-1252")! : Encoding.UTF8;
}
