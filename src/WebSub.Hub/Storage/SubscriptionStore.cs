using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The subscriptions: stored once verified, renewed, ended.</summary>
internal sealed class SubscriptionStore(HubDatabase database)
{
    /// <summary>The most subscriptions one lane has.</summary>
    public const int LaneSize = 1000;

    /// <summary>
    /// Stores what a verified subscribe request asked for and ends the request. A new subscription starts un-joined at the topic's head,
    /// under a share lock on the topic, so it can neither miss an entry nor get an older one (rule 8); one before the head if it wants the
    /// current content. A known one gets the new lease, secret and options, and the current content once more if it wants that; nothing
    /// else. Returns the topic's id, or null if a newer request took this one's place.
    /// </summary>
    public Task<TopicId?> ActivateAsync(
        RequestRow request,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<TopicId?>(
            async session =>
                await RequestStore.FinishAsync(session, request, now)
                    ? await ActivateAsync(session, request, verifiedAt, leaseEnd, now)
                    : null,
            cancellationToken
        );

    /// <summary>The same inside a caller's transaction, for a request that is not stored any more.</summary>
    public static async Task<TopicId> ActivateAsync(
        DbSession session,
        RequestRow request,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd,
        DatabaseTime now
    )
    {
        await PauseStore.KeepAsync(session);
        var topicId = await TopicStore.FindOrAddAsync(session, request.Topic, now);
        var head = await session.ScalarAsync<long>(
            "select head from {topics} where id = @topicId" + session.Pick("", " for share"),
            new { topicId }
        );
        if (request.Initial && head == 0)
            await TopicStore.MakeDueAsync(session, topicId, now);
        var begins = new Beginning(topicId, verifiedAt, leaseEnd, now);
        if (await RenewAsync(session, request, begins, head) is not { } lane)
        {
            var room = await FindRoomAsync(session, topicId, head);
            await AddAsync(session, request, begins with { LaneId = room, Position = request.Initial && head > 0 ? head - 1 : head });
        }
        else if (request.Initial && head > 0 && !await StepBackAsync(session, request.Callback, topicId, head, now))
        {
            // Only its run may un-join it (rule 7). So it ends, and begins anew in its lane, where it had had everything for certain (rule
            // 8).
            var createdAt = await session.ScalarAsync<DatabaseTime>(
                "delete from {subscriptions} where topic_id = @topicId and callback = @Callback returning created_at",
                new { topicId, request.Callback }
            );
            await AddAsync(
                session,
                request,
                begins with
                {
                    LaneId = lane.Id,
                    Position = Math.Min(lane.Cursor, head - 1),
                    FullUntil = head,
                    CreatedAt = createdAt,
                }
            );
        }

        return topicId;
    }

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

    /// <summary>How many other subscriptions the callback's host and the topic have.</summary>
    public Task<(long OfHost, long OfTopic)> CountOthersAsync(RequestRow request, CancellationToken cancellationToken) =>
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
                    await session.ScalarAsync<long>(Others + "t.url = @Topic", parameters)
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
    public static async Task<IReadOnlyList<EndedSubscription>> EndAsync(
        DbSession session,
        string condition,
        object parameters,
        Ending? ending = null
    )
    {
        var ended = await session.QueryAsync<EndedSubscription>(
            $$"""delete from {subscriptions} where {{condition}} returning lane_id, topic_id, callback""",
            parameters
        );
        foreach (var lane in ended.GroupBy(e => e.LaneId).OrderBy(l => l.Key.Value))
        {
            await session.ExecuteAsync(
                "update {lanes} set size = size - @gone, members_version = members_version + 1 where id = @id",
                new { id = lane.Key, gone = lane.Count() }
            );
        }

        if (ending is not null && ended.Count > 0)
            await EndingStore.AddAsync(session, ended, ending);
        return ended;
    }

    /// <remarks>
    /// Its epochs begin with the time, since SQLite uses ids again: an attempt made for the previous subscription with this id then never
    /// counts for this one.
    /// </remarks>
    private static Task<int> AddAsync(DbSession session, RequestRow request, Beginning begins) =>
        session.ExecuteAsync(
            $$"""
            insert into {subscriptions} (topic_id, lane_id, callback, callback_host, secret, signature_method, content, delivery,
              full_until, lease_seconds, lease_end, parameters, created_at, verified_at, position, due, not_before, paused, epoch)
            values (@TopicId, @LaneId, @Callback, @CallbackHost, @Secret, @SignatureMethod, @Content, @Delivery, @FullUntil,
              @LeaseSeconds, @LeaseEnd, @Parameters, @CreatedAt, @VerifiedAt, @Position, coalesce({{PauseStore.Until}}, @Now),
              {{PauseStore.Until}}, {{PauseStore.Flags}}, @Now)
            """,
            new
            {
                begins.TopicId,
                begins.LaneId,
                request.Callback,
                request.CallbackHost,
                request.Secret,
                request.SignatureMethod,
                request.Content,
                request.Delivery,
                FullUntil = begins.FullUntil ?? begins.Position + 1,
                request.LeaseSeconds,
                begins.LeaseEnd,
                request.Parameters,
                CreatedAt = begins.CreatedAt ?? begins.Now,
                begins.VerifiedAt,
                begins.Position,
                begins.Now,
                PauseTopic = PauseStore.KeyOf(begins.TopicId),
                PauseOrigin = CallbackOrigin.Of(request.Callback)?.Name,
            }
        );

    /// <summary>
    /// Has a subscription that is un-joined try the newest entry as soon as it may: it waits for that already, or steps back to it. False
    /// if it is joined.
    /// </summary>
    private static async Task<bool> StepBackAsync(DbSession session, string callback, TopicId topicId, long head, DatabaseTime now) =>
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set full_until = @head, position = {{session.Pick("min", "least")}}(position, @head - 1),
              due = case when position < @head and claimed_by is not null then due when coalesce(not_before, 0) > @now then not_before
                else @now end,
              claimed_by = case when position < @head then claimed_by end, epoch = epoch + case when position < @head then 0 else 1 end
            where topic_id = @topicId and callback = @callback and position is not null
            """,
            new
            {
                topicId,
                callback,
                head,
                now,
            }
        ) > 0;

    // One whose lease had ended meanwhile was passed over: what comes next goes out in full (rule 24).
    private static async Task<LaneRow?> RenewAsync(DbSession session, RequestRow request, Beginning begins, long head)
    {
        var laneId = await session.ScalarAsync<LaneId?>(
            $$"""
            update {subscriptions} set lease_seconds = @LeaseSeconds, lease_end = @LeaseEnd, signature_method = @SignatureMethod,
              content = @Content, delivery = @Delivery, parameters = @Parameters, verified_at = @VerifiedAt,
              full_until = case when lease_end <= @Now and full_until < @head + 1 then @head + 1 else full_until end,
              version = version + case when secret {{session.Pick(
                "is",
                "is not distinct from"
            )}} @Secret then 0 else 1 end, secret = @Secret
            where topic_id = @TopicId and callback = @Callback
            returning lane_id
            """,
            new
            {
                begins.TopicId,
                request.Callback,
                request.LeaseSeconds,
                begins.LeaseEnd,
                request.SignatureMethod,
                request.Content,
                request.Delivery,
                request.Parameters,
                begins.VerifiedAt,
                request.Secret,
                begins.Now,
                head,
            }
        );
        return laneId is null
            ? null
            : await session.FirstOrDefaultAsync<LaneRow>(
                "update {lanes} set members_version = members_version + 1 where id = @laneId returning id, cursor",
                new { laneId }
            );
    }

    public static async Task<LaneId> FindRoomAsync(DbSession session, TopicId topicId, long head)
    {
        const string Take =
            "update {lanes} set size = size + 1 where id = (select id from {lanes} where topic_id = @topicId and size < @LaneSize "
            + "order by number limit 1) and size < @LaneSize returning id";
        while (true)
        {
            if (await session.ScalarAsync<LaneId?>(Take, new { topicId, LaneSize }) is { } lane)
                return lane;
            await session.ExecuteAsync(
                """
                insert into {lanes} (topic_id, number, cursor)
                values (@topicId, (select coalesce(max(number), 0) + 1 from {lanes} where topic_id = @topicId), @head)
                on conflict (topic_id, number) do nothing
                """,
                new { topicId, head }
            );
        }
    }

    /// <summary>Where and when a subscription begins.</summary>
    private sealed record Beginning(TopicId TopicId, DatabaseTime VerifiedAt, DatabaseTime LeaseEnd, DatabaseTime Now)
    {
        public LaneId LaneId { get; init; }

        /// <summary>The last entry it has had, or shall not get.</summary>
        public long Position { get; init; }

        /// <summary>The last entry that goes out in full whatever it had before; null for its first one.</summary>
        public long? FullUntil { get; init; }

        /// <summary>When it first began; null for now.</summary>
        public DatabaseTime? CreatedAt { get; init; }
    }
}
