using System.Buffers;
using System.Text;

namespace WebSub.Discovery;

/// <summary>Turns a body into text: by its byte order mark, the header's charset, the declaration in the document, else UTF-8.</summary>
internal static class DocumentText
{
    private const int DeclarationBytes = 4096;

    private static readonly SearchValues<char> ValueEnds = SearchValues.Create("\"'; />");

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The body as text, without a byte order mark.</summary>
    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        var (encoding, markLength) = ByUnicodeSigns(body);
        body = body[markLength..];
        encoding ??= Find(HeaderCharset(contentType)) ?? Declared(body);
        return encoding is null ? Guess(body) : encoding.GetString(body);
    }

    /// <summary>The charset parameter of a content type, or null.</summary>
    internal static string? HeaderCharset(string? contentType)
    {
        foreach (var parameter in (contentType ?? "").Split(';')[1..])
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && parameter.AsSpan(0, equals).Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"', '\'');
            }
        }

        return null;
    }

    private static (Encoding? Encoding, int MarkLength) ByUnicodeSigns(ReadOnlySpan<byte> body) =>
        body switch
        {
            [0xef, 0xbb, 0xbf, ..] => (Encoding.UTF8, 3),
            [0xfe, 0xff, ..] => (Encoding.BigEndianUnicode, 2),
            [0xff, 0xfe, ..] => (Encoding.Unicode, 2),
            [0, (byte)'<', 0, not 0, ..] => (Encoding.BigEndianUnicode, 0),
            [(byte)'<', 0, not 0, 0, ..] => (Encoding.Unicode, 0),
            _ => (null, 0),
        };

    /// <summary>The encoding that <c>&lt;?xml encoding=…?&gt;</c> or <c>&lt;meta charset=…&gt;</c> names.</summary>
    private static Encoding? Declared(ReadOnlySpan<byte> body)
    {
        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, DeclarationBytes)]);
        if (start.TrimStart().StartsWith("<?xml", StringComparison.Ordinal))
        {
            var end = start.IndexOf("?>", StringComparison.Ordinal);
            if (end > 0 && Find(ValueAfter(start.AsSpan(0, end), "encoding")) is { } declared)
                return DeclaredInAscii(declared);
        }

        for (
            var at = start.IndexOf("<meta", StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = start.IndexOf("<meta", at + 5, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = start.IndexOf('>', at);
            if (end < 0)
                break;
            if (Find(ValueAfter(start.AsSpan(at, end - at), "charset")) is { } declared)
                return DeclaredInAscii(declared);
        }

        return null;
    }

    /// <summary>A declaration that could be read byte by byte is not in UTF-16, whatever it says (HTML §13.2.3.2 says the same).</summary>
    private static Encoding DeclaredInAscii(Encoding declared) =>
        declared.IsSingleByte || declared.GetByteCount("<") == 1 ? declared : Encoding.UTF8;

    private static string? ValueAfter(ReadOnlySpan<char> text, string name)
    {
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return null;
        var rest = text[(at + name.Length)..].TrimStart();
        if (rest is not ['=', ..])
            return null;
        rest = rest[1..].TrimStart().TrimStart("\"'");
        var end = rest.IndexOfAny(ValueEnds);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    private static Encoding? Find(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Guess(ReadOnlySpan<byte> body)
    {
        try
        {
            return StrictUtf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(body);
        }
    }
}
