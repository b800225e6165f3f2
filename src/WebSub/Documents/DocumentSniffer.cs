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

    private static string MediaType(string? contentType) => (contentType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();

    private static bool IsXml(string type) => type is "application/xml" or "text/xml" || type.EndsWith("+xml", StringComparison.Ordinal);

    private static bool IsFeedRoot(ReadOnlySpan<char> root)
    {
        var local = root[(root.LastIndexOf(':') + 1)..];
        return local is "feed" or "rss" or "RDF";
    }

    /// <summary>
    /// The name in the document type declaration or of the first element, past declarations and comments; empty without one.
    /// </summary>
    private static ReadOnlySpan<char> RootName(ReadOnlySpan<char> text)
    {
        text = WithoutJunk(text);
        while (true)
        {
            text = text.TrimStart();
            if (text.StartsWith("<!--"))
                text = After(text, "-->");
            else if (text.StartsWith("<?"))
                text = After(text, "?>");
            else if (text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase))
                return Name(text[9..].TrimStart());
            else
                return text is ['<', ..] ? Name(text[1..]) : [];
        }
    }

    /// <summary>What stands above the XML declaration, or above the first markup, such as the warning of a script.</summary>
    private static ReadOnlySpan<char> WithoutJunk(ReadOnlySpan<char> text)
    {
        var declaration = text.IndexOf("<?xml ");
        if (declaration > 0 && !HasFeedRoot(text[..declaration]))
            return text[declaration..];
        return text.IndexOf('<') is > 0 and var markup ? text[markup..] : text;
    }

    private static bool HasFeedRoot(ReadOnlySpan<char> text) =>
        text.Contains("<feed", StringComparison.Ordinal)
        || text.Contains("<rss", StringComparison.Ordinal)
        || text.Contains(":feed", StringComparison.Ordinal)
        || text.Contains("RDF", StringComparison.Ordinal)
        || text.Contains("<html", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string end) =>
        text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var at ? text[(at + end.Length)..] : [];

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(NameEnds);
        return end < 0 ? text : text[..end];
    }
}
