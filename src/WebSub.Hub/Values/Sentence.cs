namespace WebSub.Hub.Values;

/// <summary>Makes sentences of what went wrong, which is stored as it came.</summary>
internal static class Sentence
{
    /// <summary>The same with a capital letter and a full stop; nothing of nothing.</summary>
    public static string Of(string? text)
    {
        var trimmed = text?.Trim();
        if (string.IsNullOrEmpty(trimmed))
            return "";
        var stop = trimmed[^1] is '.' or '!' or '?' or '…' ? "" : ".";
        return char.ToUpperInvariant(trimmed[0]) + trimmed[1..] + stop;
    }
}
