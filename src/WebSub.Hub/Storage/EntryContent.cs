namespace WebSub.Hub.Storage;

/// <summary>What an entry delivers.</summary>
/// <param name="Body">The content as it was published.</param>
/// <param name="Diff">Of a feed, only what is new or changed since the entry before; null if there is no such form.</param>
internal readonly record struct EntryContent(byte[] Body, byte[]? Diff)
{
    public long Size => Body.Length + (Diff?.Length ?? 0);
}
