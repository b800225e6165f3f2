using System.Text.Encodings.Web;
using System.Text.Json;
using WebSub.Documents;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>A body as it is shown: as text, or the reason why it is not text.</summary>
/// <param name="Bytes">The body with its compression undone; as it came if that is not possible.</param>
/// <param name="Text">The text; null if the bytes do not fit their charset, or have characters that do not occur in text.</param>
/// <param name="Note">Why there is no text; null if there is.</param>
internal sealed record UpdateText(ReadOnlyMemory<byte> Bytes, string? Text, string? Note)
{
    private const int PreviewLines = 20;
    private const int PreviewLength = 160;

    private static readonly JsonSerializerOptions Pretty = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

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

    /// <summary>JSON with an indentation, other text as it is, cut where it is long; a body that is not text is not shown.</summary>
    public IEnumerable<string> Preview()
    {
        if (Text is null)
        {
            yield return $"not shown, because {Note}; --save keeps it";
            yield break;
        }

        var lines = Indented(Text).Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToList();
        foreach (var line in lines.Take(PreviewLines))
            yield return line.Length <= PreviewLength ? line : line[..PreviewLength] + "…";
        if (lines.Count > PreviewLines)
            yield return $"… and {lines.Count - PreviewLines} more {(lines.Count - PreviewLines == 1 ? "line" : "lines")}";
    }

    private static string Indented(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
            return text;
        try
        {
            return JsonSerializer.Serialize(JsonElement.Parse(text), Pretty);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
