using WebSub.Documents;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>A body as it is shown: as text, or the reason why it is not text.</summary>
/// <param name="Bytes">The body with its compression undone; as it came if that is not possible.</param>
/// <param name="Text">The text; null if the bytes do not fit their charset, or have characters that do not occur in text.</param>
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
        catch (InvalidDataException e)
        {
            return new(notification.Body, null, $"its Content-Encoding cannot be undone ({e.Message.TrimEnd('.')})");
        }

        if (DocumentText.DecodeStrictly(bytes.Span, notification.ContentType) is not { } text)
            return new(bytes, null, $"its bytes are not text in {notification.Encoding.WebName}");
        return text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f' or '\u0085' or '\e'))
            ? new(bytes, null, "it has characters that do not occur in text")
            : new(bytes, text, null);
    }

    /// <summary>The first lines that are not empty; of a body that is not text, the start as base64.</summary>
    public IEnumerable<string> Preview()
    {
        if (Text is null)
        {
            yield return $"note: shown as base64, because {Note}";
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
}
