namespace WebSub.Conformance.Subscriber;

/// <summary>A callback that was never given.</summary>
internal static class OtherCallback
{
    /// <summary>The URL with another last character in the longest word of its path and query, which is its key if it has one.</summary>
    public static string Of(string callback)
    {
        var start = callback.IndexOf('/', callback.IndexOf("://", StringComparison.Ordinal) + "://".Length);
        if (start < 0)
            return $"{callback}/x";
        var (end, longest) = (callback.Length, 0);
        for (var (i, length) = (start, 0); i < callback.Length; i++)
        {
            length = char.IsAsciiLetterOrDigit(callback[i]) ? length + 1 : 0;
            if (length >= longest && length > 0)
                (end, longest) = (i + 1, length);
        }

        if (longest == 0)
            return $"{callback}x";
        var last = callback[end - 1] == 'a' ? 'b' : 'a';
        return $"{callback[..(end - 1)]}{last}{callback[end..]}";
    }
}
