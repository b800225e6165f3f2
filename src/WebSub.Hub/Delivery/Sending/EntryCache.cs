using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>The entries that deliveries are working on, bounded in bytes; what is not there is read from the database.</summary>
internal sealed class EntryCache(HubDatabase database)
{
    private const long MaxBytes = 64L * 1024 * 1024;
    private const int RowCost = 256;
    private readonly LruCache<(long TopicId, long Sequence), LogEntry> _cache = new(MaxBytes);

    public void Add(LogEntry entry) =>
        _cache.Set((entry.TopicId, entry.Sequence), entry, entry.Body.Length + (entry.Diff?.Length ?? 0) + RowCost);

    public LogEntry? Find(long topicId, long sequence) => _cache.Find((topicId, sequence));

    /// <summary>Reads an entry; null if it has been pruned.</summary>
    public async Task<LogEntry?> LoadAsync(long topicId, long sequence, CancellationToken cancellationToken)
    {
        if (Find(topicId, sequence) is { } known)
            return known;
        var entry = await database.Db.ReadAsync(
            session =>
                session.FirstOrDefaultAsync<LogEntry>(
                    """
                    select e.topic_id, e.sequence, e.predicate, e.reference, e.patterns, c.content_type, c.body, d.body as diff from {entries} e join {contents} c on c.id = e.content_id left join {contents} d on d.id = e.diff_id
                    where e.topic_id = @topicId and e.sequence = @sequence
                    """,
                    new { topicId, sequence }
                ),
            cancellationToken
        );
        if (entry is not null)
            Add(entry);
        return entry;
    }

    /// <summary>The next entries after a position, without their contents.</summary>
    public Task<IReadOnlyList<LogEntry>> PeekAsync(long topicId, long after, long upTo, int max, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<LogEntry>(
                    "select topic_id, sequence, predicate, reference, patterns from {entries} where topic_id = @topicId and sequence > @after and sequence <= @upTo order by sequence limit @max",
                    new
                    {
                        topicId,
                        after,
                        upTo,
                        max,
                    }
                ),
            cancellationToken
        );
}
