using System.Buffers;

namespace WebSub.Documents;

/// <summary>
/// Decides what a body is by its content type and its beginning: feeds come as text/html and pages without any type (X16).
/// </summary>
internal static class DocumentSniffer
{
    private static readonly SearchValues<char> NameEnds = SearchValues.Create(" \t\r\n\f/>[");

    private static readonly string[] Never = ["image/", "audio/", "video/", "font/"];

    /// <summary>True if the content type alone rules out links in the body.</summary>
    public static bool IsHopeless(string? contentType)
    {
        var type = MediaType(contentType);
        return !IsXml(type)
            && (
                Array.Exists(Never, n => type.StartsWith(n, StringComparison.Ordinal))
                || type is "application/json" or "application/pdf" or "application/zip"
                || type.EndsWith("+json", StringComparison.Ordinal)
            );
    }

    /// <summary>
    /// What the text is: <see cref="DocumentKind.Html"/>, <see cref="DocumentKind.Xml"/> or <see cref="DocumentKind.Other"/>.
    /// </summary>
    public static DocumentKind Sniff(ReadOnlySpan<char> text, string? contentType)
    {
        var type = MediaType(contentType);
        var root = RootName(text);
        if (IsFeedRoot(root))
            return DocumentKind.Xml;
        if (root.Equals("html", StringComparison.OrdinalIgnoreCase))
            return DocumentKind.Html;
        if (type is "text/html" or "application/xhtml+xml")
            return DocumentKind.Html;
        if (IsXml(type))
            return DocumentKind.Xml;
        return type is "" or "text/plain" or "application/octet-stream" && text.TrimStart().TrimStart('\ufeff') is ['<', ..]
            ? DocumentKind.Html
            : DocumentKind.Other;
    }

    /// <summary>True if the text starts as a feed does, junk above its declaration aside.</summary>
    public static bool IsFeed(ReadOnlySpan<char> text) => IsFeedRoot(RootName(text));

    /// <summary>True if the content type asks for XML's rules.</summary>
    public static bool IsXml(ReadOnlySpan<char> contentType) => IsXml(MediaType(contentType.ToString()));

    /// <summary>The type without its parameters, in lower case.</summary>
    public static string MediaType(string? contentType) => (contentType ?? "").Split([';', ','], 2)[0].Trim().ToLowerInvariant();

    private static bool IsXml(string type) => type is "application/xml" or "text/xml" || type.EndsWith("+xml", StringComparison.Ordinal);

    /// <summary>True for the root element of a feed, whatever its prefix.</summary>
    public static bool IsFeedRoot(ReadOnlySpan<char> root) => root[(root.LastIndexOf(':') + 1)..] is "feed" or "rss" or "RDF";

    /// <summary>The name that a tag starts with.</summary>
    public static ReadOnlySpan<char> Name(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(NameEnds);
        return end < 0 ? text : text[..end];
    }

    /// <summary>
    /// The name in the document type declaration or of the first element, past declarations and comments; empty without one.
    /// </summary>
    private static ReadOnlySpan<char> RootName(ReadOnlySpan<char> text)
    {
        text = text[DocumentStart.Of(text)..];
        while (text.IndexOf('<') is >= 0 and var markup)
        {
            // Above it there may be a byte order mark, or a warning without markup.
            text = text[markup..];
            if (text.StartsWith("<!--"))
                text = After(text, "-->");
            else if (text.StartsWith("<?"))
                text = After(text, "?>");
            else if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
                return Name(text[9..].TrimStart());
            else if (text.Length > 1 && (char.IsLetter(text[1]) || text[1] is '_'))
                return Name(text[1..]);
            else
                text = text[1..];
        }

        return [];
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string end) =>
        text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at ? text[(at + end.Length)..] : [];
}
