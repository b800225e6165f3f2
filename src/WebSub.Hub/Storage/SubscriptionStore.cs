using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The subscriptions: counted, and ended in whatever way. <see cref="ActivationStore"/> stores them.</summary>
internal sealed class SubscriptionStore(HubDatabase database)
{
    /// <summary>
    /// Ends the subscription that a verified unsubscribe request named, and the request. Says whether it was this request that counted, or
    /// a newer one took its place; and the topic's id, or null if nothing ended: an unknown pair is no error.
    /// </summary>
    public Task<(bool Counts, TopicId? TopicId)> DeactivateAsync(
        RequestRow request,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<(bool Counts, TopicId? TopicId)>(
            async session =>
            {
                if (!await RequestStore.FinishAsync(session, request, now))
                    return (false, null);
                var topicId = await session.ScalarAsync<TopicId?>("select id from {topics} where url = @Topic", request);
                return (
                    true,
                    topicId is not null
                    && await EndAsync(
                        session,
                        "topic_id = @topicId and callback = @Callback",
                        new { topicId, request.Callback },
                        new(Ending.Unsubscribed, null, now)
                    )
                        is [_, ..]
                        ? topicId
                        : null
                );
            },
            cancellationToken
        );

    /// <summary>
    /// How many other subscriptions the callback's host and the topic have. A topic of messages has those of all callbacks with a pattern
    /// that covers it.
    /// </summary>
    public Task<(long OfHost, long OfTopic)> CountOthersAsync(RequestRow request, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            async session =>
            {
                const string Others =
                    "select count(*) from {subscriptions} s join {topics} t on t.id = s.topic_id where not (t.url = @Topic "
                    + "and s.callback = @Callback) and ";
                var parameters = new
                {
                    request.Topic,
                    request.Callback,
                    request.CallbackHost,
                };
                return (
                    await session.ScalarAsync<long>(Others + "s.callback_host = @CallbackHost", parameters),
                    request.Pattern is null
                        ? await session.ScalarAsync<long>(Others + "t.url = @Topic", parameters)
                        : await PatternStore.CountOthersOfTopicAsync(session, request, now)
                );
            },
            cancellationToken
        );

    /// <summary>
    /// Ends a subscription and stores the denial that its callback is to be told. Returns the topic's id, or null if there is no such
    /// subscription.
    /// </summary>
    public Task<TopicId?> RevokeAsync(
        string topic,
        string callback,
        string? reason,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<TopicId?>(
            async session =>
            {
                var topicId = await TopicStore.FindAsync(session, topic);
                if (
                    topicId is null
                    || await EndAsync(
                        session,
                        "topic_id = @topicId and callback = @callback",
                        new { topicId, callback },
                        new(Ending.Revoked, reason, now)
                    )
                        is []
                )
                    return null;
                await RequestStore.AddAsync(
                    session,
                    new()
                    {
                        Mode = HubModes.Subscribe,
                        Topic = topic,
                        Callback = callback,
                        Verdict = IntentVerdict.Denied,
                        Reason = reason,
                    },
                    now
                );
                return topicId;
            },
            cancellationToken
        );

    /// <summary>
    /// Removes subscriptions whose lease has ended, a few at a time; those with a pending request stay (rule 12). Returns those that went.
    /// </summary>
    public Task<IReadOnlyList<EndedSubscription>> SweepExpiredAsync(DatabaseTime now, int max, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                EndAsync(
                    session,
                    """
                    id in (select s.id from {subscriptions} s join {topics} t on t.id = s.topic_id where s.lease_end <= @now
                      and t.filtered = 0
                      and not exists (select 1 from {requests} r where r.topic = t.url and r.callback = s.callback) limit @max)
                    """,
                    new { now, max },
                    new(Ending.LeaseEnded, null, now)
                ),
            cancellationToken
        );

    /// <summary>
    /// Removes the subscriptions that match, and returns them; gives their places free and tells the runs of their lanes (rule 10).
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="condition">Which ones.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="ending">How they end; null for members of topics of predicates, which are not explained.</param>
    /// <param name="positions">How far they have come, where their run alone knows: the cursor goes on without them.</param>
    public static async Task<IReadOnlyList<EndedSubscription>> EndAsync(
        DbSession session,
        string condition,
        object parameters,
        Ending? ending = null,
        IReadOnlyDictionary<SubscriptionId, long>? positions = null
    )
    {
        var ended = await session.QueryAsync<EndedSubscription>(
            $$"""
            delete from {subscriptions} where {{condition}} returning id, lane_id, topic_id, callback, delivery, content, full_until,
              created_at, lease_end, last_attempt_at, coalesce(position, (select l.cursor from {lanes} l where l.id = lane_id)) as position,
              (select l.saved_at from {lanes} l where l.id = lane_id) as saved_at
            """,
            parameters
        );
        foreach (var lane in ended.GroupBy(e => e.LaneId).OrderBy(l => l.Key.Value))
        {
            await session.ExecuteAsync(
                "update {lanes} set size = size - @gone, members_version = members_version + 1 where id = @id",
                new { id = lane.Key, gone = lane.Count() }
            );
        }

        if (positions is not null)
            ended = [.. ended.Select(e => e with { Position = positions[e.Id] })];
        if (ending is not null && ended.Count > 0)
            await EndingStore.AddAsync(session, ended, ending);
        return ended;
    }
}
