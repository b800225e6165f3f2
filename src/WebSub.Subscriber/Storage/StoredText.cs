namespace WebSub.Subscriber.Storage;

/// <summary>Makes texts from peers and handlers fit for a text column: PostgreSQL does not accept U+0000, and long texts are cut.</summary>
internal static class StoredText
{
    private const int MaxLength = 2000;

    public static string? Clean(string? text)
    {
        if (text is null)
            return null;
        var cut = text.Length <= MaxLength ? text : text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
        return cut.Replace('\0', '\uFFFD');
    }
}
