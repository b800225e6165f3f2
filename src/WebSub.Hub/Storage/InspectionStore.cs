using System.Data.Common;
using System.Text.Json;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Reads what an operator looks into: the log of a topic, and the patterns of predicate subscriptions.</summary>
internal sealed class InspectionStore(HubDatabase database)
{
    private const string Entries = """
        select e.sequence, e.published_at, e.source, c.content_type, c.size
        from {entries} e join {contents} c on c.id = e.content_id where e.topic_id = @topicId and
        """;

    /// <summary>Entries of a topic before a sequence, the newest first.</summary>
    public Task<IReadOnlyList<HubEntry>> EntriesAsync(TopicId topicId, long before, int take, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    Entries + " e.sequence < @before order by e.sequence desc limit @take",
                    new
                    {
                        topicId,
                        before,
                        take,
                    },
                    row => ReadEntry(row, topicId)
                ),
            cancellationToken
        );

    /// <summary>An entry and the first bytes of its content; null if it is not there, or not any more.</summary>
    public Task<(HubEntry Entry, byte[] Start)?> FindEntryAsync(
        TopicId topicId,
        long sequence,
        int mostBytes,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync<(HubEntry Entry, byte[] Start)?>(
            async session =>
                await session.ReadAsync(
                    $$"""
                    select e.sequence, e.published_at, e.source, c.content_type, c.size, substr(c.body, 1, {{mostBytes}})
                    from {entries} e join {contents} c on c.id = e.content_id where e.topic_id = @topicId and e.sequence = @sequence
                    """,
                    new { topicId, sequence },
                    row => (ReadEntry(row, topicId), row.GetFieldValue<byte[]>(5))
                )
                    is [var found]
                    ? found
                    : null,
            cancellationToken
        );

    /// <summary>Predicate subscriptions whose lease runs, by their ids.</summary>
    /// <param name="callback">Those of this callback.</param>
    /// <param name="covering">Those whose keys are among these.</param>
    /// <param name="subscription">Those that share this subscription.</param>
    /// <param name="after">After this id.</param>
    /// <param name="take">How many.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<HubPattern>> PatternsAsync(
        string? callback,
        IEnumerable<string>? covering,
        (long Id, long CreatedAt)? subscription,
        long after,
        int take,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
            {
                var which = string.Concat(
                    callback is null ? "" : " and p.callback = @callback",
                    subscription is null ? "" : " and p.subscription_id = @subscriptionId and s.created_at = @createdAt",
                    covering is null
                        ? ""
                        : " and p.pattern in "
                            + session.Pick(
                                "(select value from json_each(@covering))",
                                "(select jsonb_array_elements_text(@covering::jsonb))"
                            )
                );
                return session.ReadAsync(
                    $$"""
                    select p.id, p.topic, p.callback, p.created_at, p.lease_end, case when p.secret is null then 0 else 1 end,
                      s.id, s.created_at, s.paused, s.due, s.position, t.head
                    from {patterns} p join {subscriptions} s on s.id = p.subscription_id join {topics} t on t.id = p.topic_id
                    where p.id > @after and p.lease_end > @now {{which}} order by p.id limit @take
                    """,
                    new
                    {
                        callback,
                        subscriptionId = subscription?.Id,
                        createdAt = subscription?.CreatedAt,
                        covering = covering is null ? null : JsonSerializer.Serialize(covering),
                        after,
                        take,
                        now,
                    },
                    ReadPattern
                );
            },
            cancellationToken
        );

    private static HubEntry ReadEntry(DbDataReader row, TopicId topicId) =>
        new()
        {
            Sequence = row.GetInt64(0),
            DeliveryId = PublicIds.OfDelivery(topicId, row.GetInt64(0)),
            PublishedAt = row.Time(1),
            Source = row.GetString(2),
            ContentType = row.Text(3),
            Size = row.GetInt64(4),
        };

    private static HubPattern ReadPattern(DbDataReader row) =>
        new()
        {
            Id = PublicIds.OfNumber(row.GetInt64(0)),
            Topic = row.GetString(1),
            Callback = PlainCallback.Of(row.GetString(2)),
            CreatedAt = row.Time(3),
            LeaseEnd = row.Time(4),
            IsSigned = row.GetInt64(5) != 0,
            SubscriptionId = PublicIds.OfSubscription(row.GetInt64(6), row.GetInt64(7)),
            State =
                row.GetInt64(8) != 0 ? HubSubscriptionState.Paused
                : row.Number(10) < row.GetInt64(11) && !row.IsDBNull(9) ? HubSubscriptionState.Behind
                : HubSubscriptionState.Active,
        };
}
