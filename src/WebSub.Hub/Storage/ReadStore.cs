using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>Reads topics' logs for those who follow them.</summary>
internal sealed class ReadStore(HubDatabase database)
{
    /// <summary>A topic; null if there is none. Topics of predicates are not read: each holds messages of many callbacks.</summary>
    public Task<ReadTopic?> FindAsync(string url, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.FirstOrDefaultAsync<ReadTopic>(
                    """
                    select id, head, (select min(sequence) from {entries} where topic_id = t.id) as oldest
                    from {topics} t where url = @url and filtered = 0
                    """,
                    new { url }
                ),
            cancellationToken
        );

    /// <summary>The oldest kept sequence after this one; null if there is none.</summary>
    public Task<long?> NextAsync(TopicId topicId, long after, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ScalarAsync<long?>(
                    "select min(sequence) from {entries} where topic_id = @topicId and sequence > @after",
                    new { topicId, after }
                ),
            cancellationToken
        );

    /// <summary>The heads of topics, in one statement.</summary>
    public Task<IReadOnlyList<ReadTopic>> HeadsAsync(IReadOnlyList<TopicId> topics, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<ReadTopic>(
                    $"select id, head from {{topics}} where {session.AnyOf("id", "ids")}",
                    new { ids = session.Ids(topics) }
                ),
            cancellationToken
        );
}
