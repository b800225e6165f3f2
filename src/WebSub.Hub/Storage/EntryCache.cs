using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>The entries that deliveries are working on, bounded in bytes; what is not there is read from the database.</summary>
internal sealed class EntryCache(HubDatabase database)
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int RowCost = 256;
    private readonly LruCache<(TopicId TopicId, long Sequence), LogEntry> _cache = new(MaxBytes);

    public void Add(LogEntry entry) =>
        _cache.Set((entry.TopicId, entry.Sequence), entry, entry.Body.Length + (entry.Diff?.Length ?? 0) + RowCost);

    public LogEntry? Find(TopicId topicId, long sequence) => _cache.Find((topicId, sequence));

    /// <summary>Reads an entry; null if it has been pruned.</summary>
    public async Task<LogEntry?> LoadAsync(TopicId topicId, long sequence, CancellationToken cancellationToken)
    {
        if (Find(topicId, sequence) is { } known)
            return known;
        var entry = await database.Db.ReadAsync(session => EntryStore.FindAsync(session, topicId, sequence), cancellationToken);
        if (entry is not null)
            Add(entry);
        return entry;
    }

    /// <summary>The next entries after a position, without their contents.</summary>
    public Task<IReadOnlyList<LogEntry>> PeekAsync(TopicId topicId, long after, long upTo, int max, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(session => EntryStore.PeekAsync(session, topicId, after, upTo, max), cancellationToken);
}
