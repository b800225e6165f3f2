using System.Text;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>A body as it is shown: as text, or why it is none.</summary>
/// <param name="Bytes">The body with its compression undone; as it came if that is not possible.</param>
/// <param name="Text">The text; null if the bytes are none in their charset, or have characters that no text has.</param>
/// <param name="Note">Why there is no text; null if there is.</param>
internal sealed record UpdateText(ReadOnlyMemory<byte> Bytes, string? Text, string? Note)
{
    private const int PreviewLines = 3;
    private const int PreviewLength = 100;

    /// <summary>Reads a body. Whatever a hub sends is shown somehow.</summary>
    public static UpdateText Of(WebSubNotification notification)
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = notification.Content;
        }
#pragma warning disable CA1031 // Each decoder fails in its own way, and the bytes are there all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(notification.Body, null, $"its Content-Encoding cannot be undone ({e.Message.TrimEnd('.')})");
        }

        try
        {
            var text = DecodeStrictly(notification, bytes.Span);
            return text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f' or '\u0085' or '\e'))
                ? new(bytes, null, "it has characters that no text has")
                : new(bytes, text, null);
        }
        catch (DecoderFallbackException)
        {
            return new(bytes, null, $"its bytes are no text in {notification.Encoding.WebName}");
        }
#pragma warning disable CA1031 // As above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(bytes, null, $"it cannot be decoded ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The first lines that are not empty; of what is no text, the start as base64.</summary>
    public IEnumerable<string> Preview()
    {
        if (Text is null)
        {
            yield return $"note: shown as base64, since {Note}";
            const int Shown = PreviewLines * PreviewLength / 4 * 3;
            foreach (var line in Convert.ToBase64String(Bytes.Span[..Math.Min(Bytes.Length, Shown)]).Chunk(PreviewLength))
                yield return new(line);
            if (Bytes.Length > Shown)
                yield return $"… and {Bytes.Length - Shown:N0} more bytes";
            yield break;
        }

        var lines = Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Take(PreviewLines))
            yield return line.Length <= PreviewLength ? line : line[..PreviewLength] + "…";
        if (lines.Length > PreviewLines)
            yield return $"… and {lines.Length - PreviewLines} more {(lines.Length - PreviewLines == 1 ? "line" : "lines")}";
    }

    private static string DecodeStrictly(WebSubNotification notification, ReadOnlySpan<byte> bytes)
    {
        var strict = (Encoding)notification.Encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        _ = strict.GetCharCount(bytes);
        return notification.Text;
    }
}
