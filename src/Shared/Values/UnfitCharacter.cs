using System.Buffers;

namespace WebSub.Values;

/// <summary>
/// Characters that have no place in the URL of a topic or a callback: whoever reads it in a log, a terminal or a page would see something
/// other than what is there.
/// </summary>
internal static class UnfitCharacter
{
    /// <summary>Line and paragraph separators, and the marks, embeddings, overrides and isolates of bidirectional text.</summary>
    private static readonly SearchValues<char> Misleading = SearchValues.Create(
        "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    );

    /// <summary>The sentence's end, for a text that has one.</summary>
    public const string Fault = "contains a control character or one that changes the direction of text";

    public static bool Is(char c) => char.IsControl(c) || Misleading.Contains(c);

    public static bool IsIn(string text) => text.Any(Is);
}
