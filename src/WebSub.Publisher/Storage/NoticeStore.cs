using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>The notices: which hub is to be notified of which topic, and which already knows.</summary>
internal sealed class NoticeStore(PublisherDatabase database)
{
    /// <summary>The due notices of a hub, longest waiting first, except those of some topics.</summary>
    public Task<IReadOnlyList<NoticeRow>> DueAsync(
        HubClaim hub,
        IEnumerable<TopicId> without,
        int max,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<NoticeRow>(
                    $$"""
                    select n.topic_id, t.topic, n.head, n.told, n.attempts, n.failing_since, n.takes_content, n.trace_parent
                    from {notices} n join {topics} t on t.id = n.topic_id
                    where n.hub_id = @Id and n.due <= @now and not ({{session.AnyOf(
                        "n.topic_id",
                        "without"
                    )}}) order by n.due, n.topic_id limit @max
                    """,
                    new
                    {
                        hub.Id,
                        now,
                        max,
                        without = session.Ids(without),
                    }
                ),
            cancellationToken
        );

    /// <summary>The oldest content of the topic that the hub does not have yet, or null.</summary>
    public Task<ContentRow?> NextContentAsync(NoticeRow notice, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.FirstOrDefaultAsync<ContentRow>(
                    "select number, content_type, body from {contents} where topic_id = @TopicId and number > @Told "
                        + "order by number limit 1",
                    new { notice.TopicId, notice.Told }
                ),
            cancellationToken
        );

    /// <summary>Saves the outcome of an attempt and extends the claim. False if the claim was lost: then nothing is saved.</summary>
    public Task<bool> SaveAsync(
        HubClaim hub,
        NoticeRow notice,
        NoticeDecision decision,
        int? status,
        string? error,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            async session =>
            {
                var held = await session.ExecuteAsync(
                    "update {hubs} set claimed_until = @until, failures = @HubFailures, not_before = @HubNotBefore, "
                        + "hold_until = @HubHoldUntil where id = @Id and epoch = @Epoch",
                    new
                    {
                        hub.Id,
                        hub.Epoch,
                        until,
                        decision.HubFailures,
                        decision.HubNotBefore,
                        decision.HubHoldUntil,
                    }
                );
                if (held == 0)
                    return false;

                // Compared with the row itself, so that an update that is being taken in right now is seen.
                await session.ExecuteAsync(
                    """
                    update {notices} set told = @Told, told_at = case when @wasTold = 1 then @now else told_at end,
                      attempted_at = @now, attempts = @Attempts,
                      failing_since = @FailingSince, hold_until = @HoldUntil, last_status = @status, last_error = @error,
                      due = case when head > @Head then @DueIfNewer else @Due end
                    where topic_id = @TopicId and hub_id = @Id
                    """,
                    new
                    {
                        hub.Id,
                        notice.TopicId,
                        notice.Head,
                        decision.Told,
                        wasTold = decision.Outcome == NoticeOutcome.Told,
                        decision.Attempts,
                        decision.FailingSince,
                        decision.HoldUntil,
                        decision.Due,
                        decision.DueIfNewer,
                        status = (long?)status,
                        error,
                        now,
                    }
                );
                if (notice.TakesContent)
                    await ForgetContentAsync(session, notice.TopicId);
                return true;
            },
            cancellationToken
        );

    /// <summary>A page of what is known, in a stable order.</summary>
    public static Task<IReadOnlyList<PublicationRow>> PageAsync(
        DbSession session,
        string? topic,
        TopicId afterTopic,
        HubId afterHub,
        int max
    ) =>
        session.QueryAsync<PublicationRow>(
            $$"""
            select n.topic_id, n.hub_id, t.topic, h.url as hub, n.head, n.told, n.due, h.not_before, n.attempts,
              n.published_at, n.told_at, n.last_status, n.last_error
            from {notices} n join {topics} t on t.id = n.topic_id join {hubs} h on h.id = n.hub_id
            where (n.topic_id > @afterTopic or (n.topic_id = @afterTopic and n.hub_id > @afterHub)) {{(
                topic is null ? "" : "and t.topic = @topic"
            )}}
            order by n.topic_id, n.hub_id limit @max
            """,
            new
            {
                topic,
                afterTopic,
                afterHub,
                max,
            }
        );

    /// <summary>Content is deleted once no hub waits for it.</summary>
    private static Task<int> ForgetContentAsync(DbSession session, TopicId topic) =>
        session.ExecuteAsync(
            """
            delete from {contents} where topic_id = @topic and not exists (
              select 1 from {notices} n where n.topic_id = @topic and n.takes_content = 1 and n.due is not null
                and n.told < {contents}.number)
            """,
            new { topic }
        );
}
