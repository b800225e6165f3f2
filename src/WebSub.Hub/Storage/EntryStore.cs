using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Entries and contents, written inside the transaction that raised the topic's head (rules 1, 2).</summary>
internal static class EntryStore
{
    /// <summary>Stores a content and returns its id.</summary>
    public static Task<long> AddContentAsync(DbSession session, string? contentType, byte[] body, byte[] hash) =>
        session.ScalarAsync<long>(
            "insert into {contents} (content_type, body, size, hash) values (@contentType, @body, @size, @hash) returning id",
            new { contentType, body, size = body.Length, hash });

    /// <summary>Stores an entry and, on PostgreSQL, that its topic has work.</summary>
    public static async Task AddAsync(DbSession session, EntryRow entry)
    {
        await session.ExecuteAsync(
            """
            insert into {entries} (topic_id, sequence, content_id, diff_id, source, predicate, reference, patterns, published_at)
            values (@TopicId, @Sequence, @ContentId, @DiffId, @Source, @Predicate, @Reference, @Patterns, @PublishedAt)
            """,
            entry);
        if (session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync(
                "insert into {topic_work} (topic_id, head) values (@TopicId, @Sequence) on conflict (topic_id) do update set head = excluded.head",
                new { entry.TopicId, entry.Sequence });
        }
    }
}
