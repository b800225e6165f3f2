namespace WebSub.Documents;

/// <summary>
/// Finds where a document starts that has something above its declaration: blanks, byte order marks, comments, and the warnings and notices
/// that scripts print, with markup of their own or without.
/// </summary>
internal static class DocumentStart
{
    /// <summary>How much junk is looked through.</summary>
    public const int LongestJunk = 8192;

    /// <summary>How much of a document shows what it is and in which encoding, whatever stands above it.</summary>
    public const int Bytes = LongestJunk + 4096;

    /// <summary>
    /// What warnings are made of. Below these a feed may start without a declaration; a document of its own has another root.
    /// </summary>
    private static readonly HashSet<string> OfWarnings = new(StringComparer.OrdinalIgnoreCase)
    {
        "a",
        "b",
        "br",
        "center",
        "code",
        "div",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "hr",
        "i",
        "p",
        "pre",
        "script",
        "small",
        "span",
        "strong",
        "style",
        "table",
        "u",
    };

    /// <summary>
    /// The index of the XML declaration, or of the root element of a feed that stands below markup which is none of its own; else 0.
    /// </summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var (isForeign, isWarning) = (false, false);
        var at = 0;
        while (Next(text, at) is >= 0 and var markup)
        {
            var rest = text[markup..];
            if (IsDeclaration(rest))
                return markup;
            int? end;
            if (rest.StartsWith("<!--"))
                end = End(rest, "-->");
            else if (rest.StartsWith("<![CDATA["))
                end = End(rest, "]]>");
            else if (rest.StartsWith("<?"))
                end = End(rest, "?>");
            else if (
                rest.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) && IsPage(DocumentSniffer.Name(rest[9..].TrimStart()))
            )
                return 0;
            else if (rest.StartsWith("<!"))
                end = End(rest, ">");
            else if (rest.Length < 2 || !char.IsAsciiLetter(rest[1]))
                end = 1;
            else
            {
                var name = DocumentSniffer.Name(rest[1..]);
                if (DocumentSniffer.IsFeedRoot(name))
                    return isWarning ? markup : 0;
                if (IsPage(name))
                    return 0;
                if (!isForeign)
                    (isForeign, isWarning) = (true, OfWarnings.Contains(name.ToString()));
                end = name.Equals("script", StringComparison.OrdinalIgnoreCase) ? End(rest, "</script") : name.Length + 1;
            }

            // What does not end here hides the rest.
            if (end is not { } length)
                return 0;
            at = markup + length;
        }

        return 0;
    }

    /// <summary>True for text that starts with an XML declaration, well-formed or not.</summary>
    public static bool IsDeclaration(ReadOnlySpan<char> text) =>
        text.Length > 5 && text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) && text[5] is ' ' or '\t' or '\r' or '\n';

    private static bool IsPage(ReadOnlySpan<char> root) => root.Equals("html", StringComparison.OrdinalIgnoreCase);

    private static int Next(ReadOnlySpan<char> text, int at) =>
        at >= Math.Min(text.Length, LongestJunk) ? -1
        : text[at..Math.Min(text.Length, LongestJunk)].IndexOf('<') is >= 0 and var found ? at + found
        : -1;

    private static int? End(ReadOnlySpan<char> text, string end) =>
        text.IndexOf(end, StringComparison.OrdinalIgnoreCase) is >= 0 and var at ? at + end.Length : null;
}
