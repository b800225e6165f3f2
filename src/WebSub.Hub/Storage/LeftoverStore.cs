using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// What is left when nothing needs it any more: topics without subscribers, with their lanes and their newest entry, and old dead letters.
/// All in small steps.
/// </summary>
internal sealed class LeftoverStore(HubDatabase database)
{
    private const string Unwanted = """
        registered = 0 and filtered = 0 and created_at < @before and coalesce(fetched_at, 0) < @before
          and not exists (select 1 from {lanes} l where l.topic_id = {topics}.id and (l.size > 0 or l.saved_at >= @before))
          and not exists (select 1 from {entries} e where e.topic_id = {topics}.id and e.published_at >= @before)
        """;

    /// <summary>
    /// Topics after this id without registration or subscription, and that nothing has come to or gone from since this time.
    /// </summary>
    public Task<IReadOnlyList<TopicId>> FindTopicsAsync(TopicId after, DatabaseTime before, int max, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<TopicId>(
                    $$"""select id from {topics} where id > @after and {{Unwanted}} {{ButNewestLane(session)}} order by id limit @max""",
                    new
                    {
                        after,
                        before,
                        max,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// Removes those of these topics that are still unwanted once they are held: a subscription that comes meanwhile waits for us and makes
    /// its topic anew, one that came before is seen, since the second statement looks again. Returns how many went.
    /// </summary>
    public Task<int> DropTopicsAsync(IReadOnlyCollection<TopicId> topics, DatabaseTime before, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                var held =
                    session.Dialect == SqlDialect.Sqlite
                        ? topics
                        : await session.QueryAsync<TopicId>(
                            "select id from {topics} where " + session.AnyOf("id", "ids") + " order by id for update skip locked",
                            new { ids = session.Ids(topics) }
                        );
                var gone = await session.QueryAsync<TopicId>(
                    $$"""
                    delete from {topics} where {{session.AnyOf("id", "ids")}} and {{Unwanted}} {{ButNewestLane(session)}}
                    returning id
                    """,
                    new { ids = session.Ids(held), before }
                );
                if (gone.Count > 0)
                    await DropContentsAsync(session, gone);
                return gone.Count;
            },
            cancellationToken
        );

    /// <summary>Removes old dead letters, the oldest first, and forgets what went before the same moment. Returns how many went.</summary>
    public Task<int> DropDeadLettersAsync(DatabaseTime before, int max, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                await PastLetterStore.PruneAsync(session, before);
                return await PastLetterStore.RemoveAsync(
                    session,
                    "id in (select id from {dead_letters} order by id limit @max) and created_at < @before",
                    new
                    {
                        before,
                        max,
                        Fate = PastLetter.Dropped,
                        At = now,
                    }
                );
            },
            cancellationToken
        );

    private static async Task DropContentsAsync(DbSession session, IReadOnlyCollection<TopicId> topics)
    {
        var parameters = new { topics = session.Ids(topics) };
        var ofTopics = session.AnyOf("topic_id", "topics");
        await session.ExecuteAsync(
            $$"""
            delete from {contents} where id in (
              select content_id from {entries} where {{ofTopics}} union all select diff_id from {entries} where {{ofTopics}}
                and diff_id is not null)
            """,
            parameters
        );
        await session.ExecuteAsync("delete from {entries} where " + ofTopics, parameters);
        await session.ExecuteAsync("delete from {lanes} where " + ofTopics, parameters);
        if (session.Dialect == SqlDialect.PostgreSql)
            await session.ExecuteAsync("delete from {topic_work} where " + ofTopics, parameters);
    }

    // SQLite gives the highest id once more when its row is gone, and a run may still know the lane by it.
    private static string ButNewestLane(DbSession session) =>
        session.Pick(
            "and not exists (select 1 from {lanes} l where l.topic_id = {topics}.id and l.id = (select max(id) from {lanes}))",
            ""
        );
}
