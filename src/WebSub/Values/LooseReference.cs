namespace WebSub.Values;

/// <summary>A reference as people type it into pages and redirects, made one that a URL can be, by the URL standard (§4.4).</summary>
internal static class LooseReference
{
    /// <summary>Tabs and line breaks go, spaces inside are <c>%20</c>, and a backslash in the path is a slash.</summary>
    public static string Clean(string reference)
    {
        reference = reference.Trim();
        if (reference.AsSpan().IndexOfAny(" \t\r\n\\") < 0)
            return reference;
        reference = reference
            .Replace("\t", "", StringComparison.Ordinal)
            .Replace("\r", "", StringComparison.Ordinal)
            .Replace("\n", "", StringComparison.Ordinal)
            .Replace(" ", "%20", StringComparison.Ordinal);
        var pathEnd = reference.AsSpan().IndexOfAny('?', '#');
        pathEnd = pathEnd < 0 ? reference.Length : pathEnd;
        return reference[..pathEnd].Replace('\\', '/') + reference[pathEnd..];
    }
}
