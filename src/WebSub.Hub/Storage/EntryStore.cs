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
    /// Stores several entries, each with a content of its own, and on PostgreSQL that their topics have work: as
    /// <see cref="AddContentAsync"/> and <see cref="AddAsync"/> do for one, in three statements.
    /// </summary>
    public static async Task AddTogetherAsync(DbSession session, IReadOnlyList<(EntryRow Entry, NewContent Content)> added)
    {
        // Ids rise in the order of insertion.
        var ids = await session.QueryAsync<long>(
            $$"""
            insert into {contents} (content_type, body, size, hash) select content_type, body, size, hash
            from {{JsonRows.As(session, "place bigint, content_type text, body bytea, size bigint, hash bytea")}} order by place
            returning id
            """,
            new
            {
                rows = JsonRows.Of(
                    added.Select((a, i) => new object?[] { i, a.Content.Type, a.Content.Body, a.Content.Body.Length, a.Content.Hash })
                ),
            }
        );
        var contents = ids.Order().ToList();
        await session.ExecuteAsync(
            $$"""
            insert into {entries} (topic_id, sequence, content_id, source, patterns, published_at, trace)
            select topic_id, sequence, content_id, source, 0, published_at, trace
            from {{JsonRows.As(
                session,
                "topic_id bigint, sequence bigint, content_id bigint, source text, published_at bigint, trace text"
            )}}
            """,
            new
            {
                rows = JsonRows.Of(
                    added.Select(
                        (a, i) =>
                            new object?[]
                            {
                                a.Entry.TopicId.Value,
                                a.Entry.Sequence,
                                contents[i],
                                a.Entry.Source,
                                a.Entry.PublishedAt.Microseconds,
                                a.Entry.Trace,
                            }
                    )
                ),
            }
        );
        if (session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync(
                $$"""
                insert into {topic_work} (topic_id, head) select topic_id, head from {{JsonRows.As(
                    session,
                    "topic_id bigint, head bigint"
                )}}
                where exists (select 1 from {lanes} l where l.topic_id = v.topic_id and l.size > 0)
                on conflict (topic_id) do update set head = excluded.head
                """,
                new
                {
                    rows = JsonRows.Of(
                        added
                            .GroupBy(a => a.Entry.TopicId)
                            .Select(topic => new object?[] { topic.Key.Value, topic.Max(a => a.Entry.Sequence) })
                    ),
                }
            );
        }
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
