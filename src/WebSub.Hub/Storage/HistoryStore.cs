using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Prunes topics' logs. What a lane or a subscription behind still needs is spared up to a limit; the newest entry always (rules 4, 29).
/// </summary>
internal sealed class HistoryStore(HubDatabase database)
{
    /// <summary>Topics that have entries, besides the newest, from before this time.</summary>
    public Task<IReadOnlyList<TopicId>> FindAgedAsync(DatabaseTime before, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<TopicId>(
                    "select distinct e.topic_id from {entries} e join {topics} t on t.id = e.topic_id where e.published_at < @before "
                        + "and e.sequence < t.head",
                    new { before }
                ),
            cancellationToken
        );

    /// <summary>
    /// Removes what the limits do not keep. Who has not had that jumps over it, lanes as well as those behind: one dead letter records the
    /// range, the next delivery is full.
    /// </summary>
    public Task PruneAsync(
        TopicId topicId,
        HistoryOptions keep,
        DatabaseTime before,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            async session =>
            {
                var first = await FirstKeptAsync(session, topicId, keep, before);
                await session.ExecuteAsync(
                    """
                    delete from {contents} where id in (
                      select content_id from {entries} where topic_id = @topicId and sequence < @first
                      union all select diff_id from {entries} where topic_id = @topicId and sequence < @first and diff_id is not null)
                      and not exists (select 1 from {entries} o where o.content_id = {contents}.id and o.predicate is not null
                        and (o.topic_id <> @topicId or o.sequence >= @first))
                    """,
                    new { topicId, first }
                );
                if (
                    await session.ExecuteAsync(
                        "delete from {entries} where topic_id = @topicId and sequence < @first",
                        new { topicId, first }
                    ) > 0
                )
                    await JumpAsync(session, topicId, first, now);
            },
            cancellationToken
        );

    private static async Task<long> FirstKeptAsync(DbSession session, TopicId topicId, HistoryOptions keep, DatabaseTime before)
    {
        var head = await session.ScalarAsync<long>("select head from {topics} where id = @topicId", new { topicId });
        var byCount = head - keep.Entries + 1;
        var byAge =
            await session.ScalarAsync<long?>(
                "select min(sequence) from {entries} where topic_id = @topicId and published_at >= @before",
                new { topicId, before }
            ) ?? head;
        var needed =
            1
            + await session.ScalarAsync<long>(
                """
                select min(n) from (
                  select @head as n
                  union all select cursor from {lanes} where topic_id = @topicId and size > 0
                  union all select position from {subscriptions} where topic_id = @topicId and position is not null) p
                """,
                new { topicId, head }
            );
        var wanted = Math.Min(Math.Max(byCount, byAge), needed);
        return Math.Min(head, Math.Max(wanted, head - keep.MaxBacklog + 1));
    }

    private static async Task JumpAsync(DbSession session, TopicId topicId, long first, DatabaseTime now)
    {
        // The joined ones of a lane that is jumped stand at its cursor. Whoever runs the lane is fenced off, as is an attempt in flight:
        // what they knew is no more.
        var lagging = "position < @first - 1 or (position is null and (select l.cursor from {lanes} l where l.id = lane_id) < @first - 1)";
        await session.ExecuteAsync(
            $$"""
            insert into {dead_letters} (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, last_status,
              last_error, created_at)
            select topic_id, id, callback, coalesce(position, (select l.cursor from {lanes} l
              where l.id = lane_id)) + 1, @first - 1, attempts, last_status, @Pruned, @now
            from {subscriptions} where topic_id = @topicId and ({{lagging}})
            """,
            new
            {
                topicId,
                first,
                DeadLetter.Pruned,
                now,
            }
        );
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set position = case when position is null then null
              else @first - 1 end, full_until = @first, attempts = 0, claimed_by = null, epoch = epoch + 1
            where topic_id = @topicId and ({{lagging}})
            """,
            new { topicId, first }
        );
        await session.ExecuteAsync(
            "update {lanes} set cursor = @first - 1, claimed_by = null, claimed_until = null, epoch = epoch + 1, "
                + "members_version = members_version + 1 where topic_id = @topicId and cursor < @first - 1",
            new { topicId, first }
        );
    }
}
