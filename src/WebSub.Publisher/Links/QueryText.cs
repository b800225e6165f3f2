namespace WebSub.Publisher.Links;

/// <summary>Filters query strings without touching the bytes of what stays.</summary>
internal static class QueryText
{
    /// <summary>The query with only the parameters of these names, in their original order.</summary>
    public static string Keep(string query, IList<string> names)
    {
        if (query.Length < 2)
            return "";
        var kept = query[1..].Split('&').Where(p => names.Contains(Name(p), StringComparer.Ordinal)).ToList();
        return kept.Count == 0 ? "" : "?" + string.Join('&', kept);
    }

    private static string Name(string parameter) => Uri.UnescapeDataString(parameter.Split('=', 2)[0].Replace('+', ' '));
}
