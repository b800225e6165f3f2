namespace WebSub.Subscriber.Storage;

/// <summary>Makes words of peers and handlers fit for a text column: PostgreSQL takes no U+0000, and nobody needs a novel.</summary>
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
