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
    /// <summary>A mark as text. Some programs put one before a text that has one already.</summary>
    private const char ByteOrderMark = '\ufeff';

    /// <summary>The bytes of no text, unless they are halves of a character of UTF-16.</summary>
    private static readonly SearchValues<byte> Controls = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(b => (byte)b).Except("\t\n\r\f"u8.ToArray()),
    ]);

    private static readonly UTF32Encoding Utf32BigEndian = new(bigEndian: true, byteOrderMark: true);

    private static readonly SearchValues<char> LabelEnds = SearchValues.Create("\"'\\; ,\t\r\n/>");

    /// <summary>The body as text, without a byte order mark.</summary>
    /// <param name="body">The bytes, no longer compressed.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null if there was none.</param>
    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        var (encoding, mark) = Detect(body, contentType);
        return WithoutMark(encoding.GetString(body[mark..]));
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
        if (encoding is OneByteEncoding)
            return WithoutMark(encoding.GetString(body)) is var text && !text.Contains('\ufffd', StringComparison.Ordinal) ? text : null;
        var strict = Strict(encoding);
        try
        {
            return WithoutMark(strict.GetString(body[mark..]));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    // A clone, not another one by its number: only the provider of code pages knows the numbers, and it may not be registered.
    private static Encoding Strict(Encoding encoding)
    {
        if (encoding is CompletedEncoding completed)
            return completed.With(DecoderFallback.ExceptionFallback);
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static string WithoutMark(string text) => text is [ByteOrderMark, ..] ? text.TrimStart(ByteOrderMark) : text;

    private static (Encoding Encoding, int MarkLength) Detect(ReadOnlySpan<byte> body, string? contentType)
    {
        if (Mark(body) is { } marked)
            return marked;
        if (ByItsZeros(body) is { } wide)
            return (wide, 0);
        var encoding = ByHeader(body, contentType) ?? Declared(body, DocumentSniffer.MediaType(contentType)) ?? Fallback(body, contentType);
        return (encoding, 0);
    }

    private static (Encoding Encoding, int MarkLength)? Mark(ReadOnlySpan<byte> body) =>
        body switch
        {
            [0xef, 0xbb, 0xbf, ..] => (Encoding.UTF8, 3),
            [0xff, 0xfe, 0, 0, ..] => (Encoding.UTF32, 4),
            [0, 0, 0xfe, 0xff, ..] => (Utf32BigEndian, 4),
            [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
            [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
            _ => null,
        };

    /// <summary>
    /// UTF-16 and UTF-32 without a mark show in the zeros around two ASCII characters (XML 1.0, appendix F). No other encoding has such a
    /// start, so it beats what a header says, which often enough leaves the byte order open (RFC 2781 §4.3).
    /// </summary>
    private static Encoding? ByItsZeros(ReadOnlySpan<byte> body) =>
        body switch
        {
            [0, > 0 and < 0x80, 0, > 0 and < 0x80, ..] => Encoding.BigEndianUnicode,
            [> 0 and < 0x80, 0, > 0 and < 0x80, 0, ..] => Encoding.Unicode,
            [0, 0, 0, > 0 and < 0x80, 0, 0, 0, > 0 and < 0x80, ..] => Utf32BigEndian,
            [> 0 and < 0x80, 0, 0, 0, > 0 and < 0x80, 0, 0, 0, ..] => Encoding.UTF32,
            _ => null,
        };

    private static Encoding? ByHeader(ReadOnlySpan<byte> body, string? contentType)
    {
        foreach (var label in HeaderCharsets(contentType ?? ""))
        {
            if (Charsets.Find(label) is { } known)
                return IsReadByteByByte(known) || !IsRatherUtf8(body) ? known : null;
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

    /// <summary>
    /// The encoding that <c>&lt;?xml encoding=…?&gt;</c> or, in a page, <c>&lt;meta charset=…&gt;</c> names; in a page that has both it is
    /// the latter (HTML §13.2.3.2).
    /// </summary>
    private static Encoding? Declared(ReadOnlySpan<byte> body, string mediaType)
    {
        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, DocumentStart.Bytes)]);
        var ofXml = DeclaredInXml(start, mediaType);
        if (!MayBePage(mediaType) || (ofXml is not null && DocumentSniffer.IsFeed(start)))
            return ofXml;
        return DeclaredInMeta(start) ?? ofXml;
    }

    private static Encoding? DeclaredInXml(string start, string mediaType)
    {
        if (!MayBePage(mediaType) && !DocumentSniffer.IsXml(mediaType))
            return null;
        // What a plain text quotes is not its own.
        var at =
            mediaType == "text/plain"
                ? start.Length - start.AsSpan().TrimStart("\u00ef\u00bb\u00bf \t\r\n").Length
                : DocumentStart.Of(start);
        if (!DocumentStart.IsDeclaration(start.AsSpan(at)))
            return null;
        var end = start.IndexOf("?>", at, StringComparison.Ordinal);
        return end > 0 && Charsets.Find(Attribute(start.AsSpan(at, end - at), "encoding")) is { } declared
            ? DeclaredInAscii(declared)
            : null;
    }

    private static Encoding? DeclaredInMeta(string start)
    {
        var at = 0;
        while (start.IndexOf('<', at) is >= 0 and var tag)
        {
            var rest = start.AsSpan(tag);
            var isComment = rest.StartsWith("<!--");
            var end = isComment ? rest.IndexOf("-->") : rest.IndexOf('>');
            if (end < 0)
                return null;
            if (
                rest.StartsWith("<meta", StringComparison.OrdinalIgnoreCase)
                && Charsets.Find(Attribute(rest[..end], "charset")) is { } declared
            )
                return ReferenceEquals(declared, OneByteEncoding.UserDefined) ? Charsets.Find("windows-1252") : DeclaredInAscii(declared);
            at = tag + (isComment || rest.StartsWith("<meta", StringComparison.OrdinalIgnoreCase) ? end + 1 : 1);
        }

        return null;
    }

    /// <summary>A declaration that could be read byte by byte is not in UTF-16, whatever it says (HTML §13.2.3.2 says the same).</summary>
    private static Encoding DeclaredInAscii(Encoding declared) => IsReadByteByByte(declared) ? declared : Encoding.UTF8;

    private static bool IsReadByteByByte(Encoding encoding) => encoding.IsSingleByte || encoding.GetByteCount("<") == 1;

    /// <summary>
    /// True for what is said to be in UTF-16 and shows that it is not. In a short word in letters of the Far East every byte may be that of
    /// a letter of ASCII, so letters alone prove nothing; in a longer one they cannot be.
    /// </summary>
    private static bool IsRatherUtf8(ReadOnlySpan<byte> body) =>
        body.IndexOfAny(Controls) < 0
        && Utf8.IsValid(body)
        && (!Ascii.IsValid(body) || body.Length % 2 == 1 || body.Length > 64 || body.IndexOfAny((byte)' ', (byte)'\n', (byte)'<') >= 0);

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
        text = text[1..].TrimStart().TrimStart("\\\"'").TrimStart();
        var end = text.IndexOfAny(LabelEnds);
        return (end < 0 ? text : text[..end]).ToString();
    }

    /// <summary>UTF-8; a page that is none is in what browsers take pages to be in that say nothing.</summary>
    private static Encoding Fallback(ReadOnlySpan<byte> body, string? contentType) =>
        DocumentSniffer.MediaType(contentType) == "text/html" && !Utf8.IsValid(body) ? Charsets.Find("windows-1252")! : Encoding.UTF8;
}
