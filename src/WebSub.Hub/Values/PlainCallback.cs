namespace WebSub.Hub.Values;

/// <summary>A callback as it may be shown: its query and its user information are often what protects it.</summary>
internal static class PlainCallback
{
    public static string Of(string callback)
    {
        var end = callback.IndexOfAny(['?', '#']);
        var plain = end < 0 ? callback : callback[..end];
        var host = plain.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = plain.IndexOf('/', host);
        var at = plain.LastIndexOf('@', (path < 0 ? plain.Length : path) - 1);
        return at < host ? plain : plain[..host] + plain[(at + 1)..];
    }
}
