using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Entries and contents; written inside the transaction that raised the topic's head (rules 1, 2).</summary>
internal static class EntryStore
{
    /// <summary>Stores a content and returns its id.</summary>
    public static Task<long> AddContentAsync(DbSession session, string? contentType, byte[] body, byte[] hash) =>
        session.ScalarAsync<long>(
            "insert into {contents} (content_type, body, size, hash) values (@contentType, @body, @size, @hash) returning id",
            new
            {
                contentType,
                body,
                size = body.Length,
                hash,
            }
        );

    /// <summary>
    /// Stores an entry and, on PostgreSQL, that its topic has work; not if it has no subscriber. One that joins at this moment waits for
    /// the topic's row, which the caller has locked, and then stands at the new head; or was first, and is seen (rule 8).
    /// </summary>
    public static async Task AddAsync(DbSession session, EntryRow entry)
    {
        await session.ExecuteAsync(
            """
            insert into {entries} (topic_id, sequence, content_id, diff_id, source, predicate, reference, patterns, published_at, trace)
            values (@TopicId, @Sequence, @ContentId, @DiffId, @Source, @Predicate, @Reference, @Patterns, @PublishedAt, @Trace)
            """,
            entry
        );
        if (session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync(
                """
                insert into {topic_work} (topic_id, head)
                select @TopicId, @Sequence where exists (select 1 from {lanes} where topic_id = @TopicId and size > 0)
                on conflict (topic_id) do update set head = excluded.head
                """,
                new { entry.TopicId, entry.Sequence }
            );
        }
    }

    /// <summary>
    /// Stores several entries, each with a content of its own, and that their topics have work: as <see cref="AddContentAsync"/> and
    /// <see cref="AddAsync"/> do for one, but in two statements. For PostgreSQL, where each would otherwise have to be waited for.
    /// </summary>
    public static async Task AddTogetherAsync(DbSession session, IReadOnlyList<(EntryRow Entry, NewContent Content)> added)
    {
        // Ids rise in the order of insertion.
        var ids = await session.QueryAsync<long>(
            """
            insert into {contents} (content_type, body, size, hash) select type, body, length(body), hash
            from unnest(@types, @bodies, @hashes) with ordinality as v (type, body, hash, place) order by place returning id
            """,
            new
            {
                types = added.Select(a => a.Content.Type).ToArray(),
                bodies = added.Select(a => a.Content.Body).ToArray(),
                hashes = added.Select(a => a.Content.Hash).ToArray(),
            }
        );
        await session.ExecuteAsync(
            """
            with added as (
              insert into {entries} (topic_id, sequence, content_id, source, patterns, published_at, trace)
              select topic_id, sequence, content_id, source, 0, published_at, trace
              from unnest(@topics, @sequences, @contents, @sources, @times, @traces)
                as v (topic_id, sequence, content_id, source, published_at, trace)
              returning topic_id, sequence)
            insert into {topic_work} (topic_id, head) select topic_id, max(sequence) from added
            where exists (select 1 from {lanes} l where l.topic_id = added.topic_id and l.size > 0) group by topic_id order by topic_id
            on conflict (topic_id) do update set head = excluded.head
            """,
            new
            {
                topics = session.Ids(added.Select(a => a.Entry.TopicId)),
                sequences = added.Select(a => a.Entry.Sequence).ToArray(),
                contents = ids.Order().ToArray(),
                sources = added.Select(a => a.Entry.Source).ToArray(),
                times = added.Select(a => a.Entry.PublishedAt.Microseconds).ToArray(),
                traces = added.Select(a => a.Entry.Trace).ToArray(),
            }
        );
    }

    /// <summary>An entry, and its content if that is small; null if it has been pruned.</summary>
    public static Task<LogEntry?> FindAsync(DbSession session, TopicId topicId, long sequence) =>
        session.FirstOrDefaultAsync<LogEntry>(
            """
            select e.topic_id, e.sequence, e.published_at, e.predicate, e.reference, e.patterns, e.trace as stored_trace, c.content_type,
              c.size + coalesce(d.size, 0) as size,
              case when c.size + coalesce(d.size, 0) <= @MaxCarried then c.body end as body,
              case when c.size + coalesce(d.size, 0) <= @MaxCarried then d.body end as diff
            from {entries} e join {contents} c on c.id = e.content_id left join {contents} d on d.id = e.diff_id
            where e.topic_id = @topicId and e.sequence = @sequence
            """,
            new
            {
                topicId,
                sequence,
                LogEntry.MaxCarried,
            }
        );

    /// <summary>The content of an entry, whatever its size; null if it has been pruned.</summary>
    public static async Task<EntryContent?> ReadContentAsync(DbSession session, TopicId topicId, long sequence) =>
        await session.FirstOrDefaultAsync<ContentRow>(
            """
            select c.body, d.body as diff
            from {entries} e join {contents} c on c.id = e.content_id left join {contents} d on d.id = e.diff_id
            where e.topic_id = @topicId and e.sequence = @sequence
            """,
            new { topicId, sequence }
        )
            is { } row
            ? new EntryContent(row.Body, row.Diff)
            : null;

    /// <summary>The next entries after a position, without their contents.</summary>
    public static Task<IReadOnlyList<LogEntry>> PeekAsync(DbSession session, TopicId topicId, long after, long upTo, int max) =>
        session.QueryAsync<LogEntry>(
            """
            select topic_id, sequence, predicate, reference, patterns from {entries}
            where topic_id = @topicId and sequence > @after and sequence <= @upTo order by sequence limit @max
            """,
            new
            {
                topicId,
                after,
                upTo,
                max,
            }
        );

    private sealed record ContentRow
    {
        public byte[] Body { get; init; } = [];

        public byte[]? Diff { get; init; }
    }
}
