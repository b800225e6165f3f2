using WebSub.Documents;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>A body as text, if it is one.</summary>
internal static class UpdateText
{
    private const int PreviewLines = 3;
    private const int PreviewLength = 100;

    /// <summary>The body with its compression undone; as it came if that is not possible.</summary>
    public static ReadOnlyMemory<byte> Bytes(WebSubNotification notification) => Content(notification) ?? notification.Body;

    /// <summary>The text; null if the bytes are none in their charset, or have characters that no text has.</summary>
    public static string? Read(WebSubNotification notification)
    {
        if (Content(notification) is not { } bytes)
            return null;
        var text = DocumentText.DecodeStrictly(bytes.Span, notification.ContentType);
        return text is null || text.Any(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r' or '\f' or '\u0085' or '\e'))
            ? null
            : text;
    }

    /// <summary>The first lines that are not empty.</summary>
    public static IEnumerable<string> Preview(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Take(PreviewLines))
            yield return line.Length <= PreviewLength ? line : line[..PreviewLength] + "…";
        if (lines.Length > PreviewLines)
            yield return $"… and {lines.Length - PreviewLines} more {(lines.Length - PreviewLines == 1 ? "line" : "lines")}";
    }

    private static ReadOnlyMemory<byte>? Content(WebSubNotification notification)
    {
        try
        {
            return notification.Content;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
