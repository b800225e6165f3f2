using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The entries that deliveries are working on, with the contents of the small ones, bounded in bytes; what is not there is read from the
/// database.
/// </summary>
internal sealed class EntryCache(HubDatabase database, EntryContents contents)
{
    private const long MaxBytes = 32L * 1024 * 1024;
    private const int RowCost = 256;
    private readonly LruCache<(TopicId TopicId, long Sequence), LogEntry> _cache = new(MaxBytes);

    /// <summary>Takes in what was just published.</summary>
    public void Add(LogEntry entry)
    {
        if (entry.IsLarge)
            contents.Keep(entry);
        Set(entry.IsLarge ? entry.WithoutContent() : entry);
    }

    public LogEntry? Find(TopicId topicId, long sequence) => _cache.Find((topicId, sequence));

    /// <summary>Reads an entry, and its content if that is small; null if it has been pruned.</summary>
    public async Task<LogEntry?> LoadAsync(TopicId topicId, long sequence, CancellationToken cancellationToken)
    {
        if (Find(topicId, sequence) is { } known)
            return known;
        var entry = await database.Db.ReadAsync(session => EntryStore.FindAsync(session, topicId, sequence), cancellationToken);
        if (entry is not null)
            Set(entry);
        return entry;
    }

    /// <summary>The next entries after a position, without their contents.</summary>
    public Task<IReadOnlyList<LogEntry>> PeekAsync(TopicId topicId, long after, long upTo, int max, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(session => EntryStore.PeekAsync(session, topicId, after, upTo, max), cancellationToken);

    private void Set(LogEntry entry) =>
        _cache.Set((entry.TopicId, entry.Sequence), entry, entry.Body.Length + (entry.Diff?.Length ?? 0) + RowCost);
}
