namespace WebSub.Hub.Values;

/// <summary>A callback as it may be shown: its query and its user information are often what protects it.</summary>
internal static class PlainCallback
{
    public static string Of(string callback)
    {
        var end = callback.IndexOfAny(['?', '#']);
        var plain = end < 0 ? callback : callback[..end];
        if (plain.IndexOf("://", StringComparison.Ordinal) is not (>= 0 and var scheme))
            return plain;
        var host = scheme + 3;
        var path = plain.IndexOf('/', host);
        var at = plain.LastIndexOf('@', (path < 0 ? plain.Length : path) - 1);
        return at < host ? plain : plain[..host] + plain[(at + 1)..];
    }
}
