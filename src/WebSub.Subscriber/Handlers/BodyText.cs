using System.Text;
using System.Text.RegularExpressions;

namespace WebSub.Subscriber.Handlers;

/// <summary>Tells in which charset a body is written.</summary>
internal static partial class BodyText
{
    private const int DeclarationBytes = 256;

    public static string Decode(ReadOnlySpan<byte> body, string? contentType)
    {
        var encoding = EncodingOf(body, contentType);
        var preamble = encoding.Preamble;
        return encoding.GetString(preamble.Length > 0 && body.StartsWith(preamble) ? body[preamble.Length..] : body);
    }

    public static Encoding EncodingOf(ReadOnlySpan<byte> body, string? contentType)
    {
        // A byte order mark is in the bytes themselves and so beats what a header claims (RFC 7303 §3).
        if (body.StartsWith(Encoding.UTF8.Preamble))
            return Encoding.UTF8;
        if (body.StartsWith(Encoding.UTF32.Preamble))
            return Encoding.UTF32;
        if (body.StartsWith(Encoding.Unicode.Preamble))
            return Encoding.Unicode;
        if (body.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Encoding.BigEndianUnicode;
        if (contentType is not null && Find(CharsetPattern().Match(contentType)) is { } named)
            return named;
        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, DeclarationBytes)]);
        return Find(DeclarationPattern().Match(start)) ?? Encoding.UTF8;
    }

    private static Encoding? Find(Match match)
    {
        if (!match.Success)
            return null;
        try
        {
            return Encoding.GetEncoding(match.Groups["name"].Value);
        }
        catch (ArgumentException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(match.Groups["name"].Value);
        }
    }

    [GeneratedRegex("""(^|;)\s*charset\s*=\s*"?(?<name>[A-Za-z0-9_.:-]+)""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CharsetPattern();

    [GeneratedRegex("""^\s*<\?xml[^>]*?\sencoding\s*=\s*["'](?<name>[A-Za-z0-9_.:-]+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DeclarationPattern();
}
