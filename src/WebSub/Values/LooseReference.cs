namespace WebSub.Values;

/// <summary>A reference as people type it into pages and redirects, made one that a URL can be, by the URL standard (§4.4).</summary>
public static class LooseReference
{
    /// <summary>
    /// Tabs and line breaks go, spaces inside are <c>%20</c>, and a backslash is a slash in the path, <c>%5C</c> behind it.
    /// </summary>
    /// <param name="reference">The value of an attribute or a header.</param>
    public static string Clean(string reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
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
        return reference[..pathEnd].Replace('\\', '/') + reference[pathEnd..].Replace("\\", "%5C", StringComparison.Ordinal);
    }
}
