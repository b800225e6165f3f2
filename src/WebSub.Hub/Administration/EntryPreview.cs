using System.Buffers;
using System.Globalization;
using WebSub.Documents;

namespace WebSub.Hub.Administration;

/// <summary>The beginning of a content as text that shows what it is, and nothing else.</summary>
internal static class EntryPreview
{
    /// <summary>How many bytes are looked at.</summary>
    public const int MaxBytes = 4096;

    private const char Unknown = '\ufffd';

    /// <summary>No text has them; UTF-16 has, around its letters.</summary>
    private static readonly SearchValues<char> NoText = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (char)c).Except("\t\n\r\f\u001b"),
    ]);

    /// <param name="start">The first bytes of the content.</param>
    /// <param name="contentType">Its content type.</param>
    /// <returns>Null if it is no text.</returns>
    public static string? Of(ReadOnlySpan<byte> start, string? contentType)
    {
        var text = DocumentText.Decode(start, contentType);
        if (text.AsSpan().ContainsAny(NoText) || text.Count(c => c == Unknown) > 1 + text.Length / 10)
            return null;
        // A character that was cut in two.
        if (start.Length == MaxBytes)
            text = text.TrimEnd(Unknown);
        return string.Concat(text.Select(c => IsPlain(c) ? c : Unknown));
    }

    private static bool IsPlain(char c) =>
        c is '\n' or '\t' or '\r' || CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format);
}
