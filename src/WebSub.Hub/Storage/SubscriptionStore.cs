using System.Globalization;
using WebSub.Hub.Predicates;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The subscriptions: stored once verified, ended, and taken one by one while they are behind their lane.</summary>
internal sealed class SubscriptionStore(HubDatabase database)
{
    /// <summary>The most subscriptions one lane has.</summary>
    public const int LaneSize = 1000;

    /// <summary>So many microseconds after its last attempt somebody behind is tried, because of a newer entry (rule 22).</summary>
    public const long LongestWaitForANewEntry = 60_000_000;

    private const string Columns = "id, topic_id, lane_id, callback, secret, signature_method, content, delivery, full_until, lease_end, version, position, attempts, answered, retry_at, not_before, last_attempt_at, epoch";

    /// <summary>
    /// Stores what a verified subscribe request asked for and ends the request. A new subscription starts un-joined at the topic's head, under
    /// a share lock on the topic, so it can neither miss an entry nor get an older one (rule 8); one before the head if it wants the current
    /// content. A known one gets the new lease, secret and options, and the current content once more if it wants that; nothing else. Returns the topic's id, or null if a newer request took this one's place.
    /// </summary>
    public Task<long?> ActivateAsync(RequestRow request, long verifiedAt, long leaseEnd, long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<long?>(
            async session => await RequestStore.FinishAsync(session, request, now) ? await ActivateAsync(session, request, verifiedAt, leaseEnd, now) : null,
            cancellationToken);

    /// <summary>The same inside a caller's transaction, for a request that is not stored any more.</summary>
    public static async Task<long> ActivateAsync(DbSession session, RequestRow request, long verifiedAt, long leaseEnd, long now)
    {
        var topicId = await TopicStore.FindOrAddAsync(session, request.Topic, now);
        var head = await session.ScalarAsync<long>("select head from {topics} where id = @topicId" + session.Pick("", " for share"), new { topicId });
        if (request.Initial && head == 0) await TopicStore.MakeDueAsync(session, topicId, now);
        var begins = new Beginning(topicId, verifiedAt, leaseEnd, now);
        if (await RenewAsync(session, request, begins, head) is not { } lane)
        {
            var room = await FindRoomAsync(session, topicId, head);
            await AddAsync(session, request, begins with { LaneId = room, Position = request.Initial && head > 0 ? head - 1 : head });
        }
        else if (request.Initial && head > 0 && !await StepBackAsync(session, request.Callback, topicId, head, now))
        {
            // Only its run may un-join it (rule 7). So it ends, and begins anew in its lane, where it had had everything for certain (rule 8).
            var createdAt = await session.ScalarAsync<long>("delete from {subscriptions} where topic_id = @topicId and callback = @Callback returning created_at", new { topicId, request.Callback });
            await AddAsync(session, request, begins with { LaneId = lane.Id, Position = Math.Min(lane.Cursor, head - 1), FullUntil = head, CreatedAt = createdAt });
        }

        return topicId;
    }

    /// <summary>
    /// Ends the subscription that a verified unsubscribe request named, and the request. Says whether it was this request that counted, or a newer one took its
    /// place; and the topic's id, or null if nothing ended: an unknown pair is no error.
    /// </summary>
    public Task<(bool Counts, long? TopicId)> DeactivateAsync(RequestRow request, long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<(bool Counts, long? TopicId)>(
            async session =>
            {
                if (!await RequestStore.FinishAsync(session, request, now)) return (false, null);
                var topicId = await session.ScalarAsync<long?>("select id from {topics} where url = @Topic", request);
                return (true, topicId is not null && await EndAsync(session, "topic_id = @topicId and callback = @Callback", new { topicId, request.Callback }) is [_, ..] ? topicId : null);
            },
            cancellationToken);

    /// <summary>How many other subscriptions the callback's host and the topic have.</summary>
    public Task<(long OfHost, long OfTopic)> CountOthersAsync(RequestRow request, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            async session =>
            {
                const string Others = "select count(*) from {subscriptions} s join {topics} t on t.id = s.topic_id where not (t.url = @Topic and s.callback = @Callback) and ";
                var parameters = new { request.Topic, request.Callback, request.CallbackHost };
                return (await session.ScalarAsync<long>(Others + "s.callback_host = @CallbackHost", parameters), await session.ScalarAsync<long>(Others + "t.url = @Topic", parameters));
            },
            cancellationToken);

    /// <summary>Ends a subscription and stores the denial that its callback is to be told. Returns the topic's id, or null if there is no such subscription.</summary>
    public Task<long?> RevokeAsync(string topic, string callback, string? reason, long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<long?>(
            async session =>
            {
                var topicId = await TopicStore.FindAsync(session, topic);
                if (topicId is null || await EndAsync(session, "topic_id = @topicId and callback = @callback", new { topicId, callback }) is []) return null;
                await RequestStore.AddAsync(session, new() { Mode = HubModes.Subscribe, Topic = topic, Callback = callback, Verdict = IntentVerdict.Denied, Reason = reason }, now);
                return topicId;
            },
            cancellationToken);

    /// <summary>Takes subscriptions that are behind and due. Nobody else tries them before <paramref name="until"/> (rule 20).</summary>
    public Task<IReadOnlyList<SubscriptionRow>> ClaimBehindAsync(string node, int max, long now, long until, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<IReadOnlyList<SubscriptionRow>>(
            async session =>
            {
                var rows = await ClaimBehindAsync(session, node, max, now, until);
                var filtered = rows.Where(r => r.Filtered == 1).Select(r => r.Id).ToList();
                if (filtered.Count == 0) return rows;
                var patterns = await PatternStore.ReadAsync(session, filtered);
                return [.. rows.Select(r => r.Filtered == 1 ? r with { Patterns = [.. patterns[r.Id]] } : r)];
            },
            cancellationToken);

    private static Task<IReadOnlyList<SubscriptionRow>> ClaimBehindAsync(DbSession session, string node, int max, long now, long until) =>
        session.QueryAsync<SubscriptionRow>(
            $$"""
            update {subscriptions} set claimed_by = @node, epoch = epoch + 1, due = @until
            where {{session.Pick(
                "id in (select id from {subscriptions} where due <= @now and lease_end > @now order by due limit @max)",
                "id = any(array(select id from {subscriptions} where due <= @now and lease_end > @now order by due limit @max for update skip locked))")}}
            returning {{Columns}}, (select t.head from {topics} t where t.id = topic_id) as head, (select t.url from {topics} t where t.id = topic_id) as topic_url,
              (select t.self_url from {topics} t where t.id = topic_id) as self_url, (select t.hubs from {topics} t where t.id = topic_id) as hubs,
              (select t.filtered from {topics} t where t.id = topic_id) as filtered
            """,
            new { node, max, now, until });

    /// <summary>Takes the due time from those that wait for nothing: new ones, and ones that caught up. Their lane joins them at its next run.</summary>
    public Task SettleAsync(long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => SettleAsync(session, now), cancellationToken);

    /// <summary>
    /// The same inside a caller's transaction. The heads are held until it ends: else an append and a whole run of the lane could pass between our
    /// look at the head and our commit, find a due time that is about to go, set none, and nobody would ever send what was appended.
    /// </summary>
    public static Task SettleAsync(DbSession session, long now)
    {
        var held = session.Pick(
            "",
            """
            with held as (
              select t.id, t.head from {topics} t
              where exists (select 1 from {subscriptions} s where s.topic_id = t.id and s.due <= @now and s.claimed_by is null and s.position >= t.head)
              order by t.id for share)
            """);
        return session.ExecuteAsync(
            $$"""
            {{held}}
            update {subscriptions} set due = null from {{session.Pick("{topics}", "held")}} t
            where t.id = topic_id and {subscriptions}.due <= @now and {subscriptions}.claimed_by is null and position >= t.head
            """,
            new { now });
    }

    /// <summary>When the next subscription behind is due, or null.</summary>
    public Task<long?> NextBehindAsync(long now, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(session => session.ScalarAsync<long?>("select min(due) from {subscriptions} where due is not null and lease_end > @now", new { now }), cancellationToken);

    /// <summary>
    /// Saves how an attempt of a subscription that is behind ended, under the epoch it was claimed with. With nothing newer to send it gets
    /// no due time; whoever appends or runs the lane next sets one. False if the claim was lost or the subscription is gone.
    /// </summary>
    public Task<bool> SaveBehindAsync(BehindSave save, long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => SaveBehindAsync(session, save, now), cancellationToken);

    /// <summary>The same inside a caller's transaction; it holds the head as settling does.</summary>
    public static async Task<bool> SaveBehindAsync(DbSession session, BehindSave save, long now)
    {
        if (save.Due is null && session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync("select 1 from {topics} where id = (select topic_id from {subscriptions} where id = @Id) for share", new { save.Id });
        }

        // Rule 22, for what was published while the attempt was in flight and its lane's save could not bring the row's due time nearer.
        var soon = Math.Max(now + LongestWaitForANewEntry, save.NotBefore ?? 0);
        var saved = await session.ExecuteAsync(
            """
            update {subscriptions} set position = @Position, attempts = @Attempts, answered = @Answered, retry_at = @Due, not_before = @NotBefore, claimed_by = null,
              due = case when @Due > @soon and (select t.head from {topics} t where t.id = topic_id) > @HeadAtClaim then @soon
                when @Due is not null then @Due when (select t.head from {topics} t where t.id = topic_id) > @Position then @now else null end,
              last_attempt_at = coalesce(@AttemptAt, last_attempt_at), last_status = @Status, last_error = @Error
            where id = @Id and epoch = @Epoch and (@Version is null or version = @Version)
            """,
            new { save.Id, save.Epoch, save.Version, save.Position, save.Attempts, save.Answered, save.NotBefore, save.Due, save.HeadAtClaim, soon, save.AttemptAt, save.Status, save.Error, now });
        if (saved == 0)
        {
            await AgainAsync(session, save.Id, save.Epoch, now);
            return false;
        }

        if (save.DeadLetter is { } letter) await LaneMemberSaves.BuryAsync(session, [letter], now);
        return true;
    }

    /// <summary>Gives claims back whose attempts were not made, and says when they are due again; all else stays, also what the schedule says.</summary>
    public Task PutOffAsync(IReadOnlyList<PutOff> putOff, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session => session.ExecuteAsync(
                $$"""
                update {subscriptions} set claimed_by = null, due = v.due
                from {{session.Pick("(select value ->> 0 as id, value ->> 1 as epoch, value ->> 2 as due from json_each(@rows))", "unnest(@ids, @epochs, @dues)")}} as v {{session.Pick("", "(id, epoch, due)")}}
                where {subscriptions}.id = v.id and {subscriptions}.epoch = v.epoch
                """,
                session.Dialect == SqlDialect.Sqlite
                    ? new { rows = $"[{string.Join(',', putOff.Select(p => string.Create(CultureInfo.InvariantCulture, $"[{p.Id},{p.Epoch},{p.Due}]")))}]" }
                    : new { ids = putOff.Select(p => p.Id).ToArray(), epochs = putOff.Select(p => p.Epoch).ToArray(), dues = putOff.Select(p => p.Due).ToArray() }),
            cancellationToken);

    /// <summary>Ends a subscription whose callback answered 410. False if that was about what it is no longer.</summary>
    public Task<bool> EndGoneAsync(long id, long epoch, long version, long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                if (await EndAsync(session, "id = @id and epoch = @epoch and version = @version", new { id, epoch, version }) is [_, ..]) return true;
                await AgainAsync(session, id, epoch, now);
                return false;
            },
            cancellationToken);

    /// <summary>Removes subscriptions whose lease has ended, a few at a time; those with a pending request stay (rule 12). Returns those that went.</summary>
    public Task<IReadOnlyList<EndedSubscription>> SweepExpiredAsync(long now, int max, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session => EndAsync(
                session,
                """
                id in (select s.id from {subscriptions} s join {topics} t on t.id = s.topic_id where s.lease_end <= @now and t.filtered = 0
                  and not exists (select 1 from {requests} r where r.topic = t.url and r.callback = s.callback) limit @max)
                """,
                new { now, max }),
            cancellationToken);

    /// <summary>Frees what a process that is gone had claimed. Only for a database that no other process uses.</summary>
    public Task FreeClaimsAsync(long now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => session.ExecuteAsync("update {subscriptions} set claimed_by = null, due = @now where claimed_by is not null", new { now }), cancellationToken);

    /// <summary>Removes the subscriptions that match, and returns them; gives their places free and tells the runs of their lanes (rule 10).</summary>
    public static async Task<IReadOnlyList<EndedSubscription>> EndAsync(DbSession session, string condition, object parameters)
    {
        var ended = await session.QueryAsync<EndedSubscription>($$"""delete from {subscriptions} where {{condition}} returning lane_id, topic_id, callback""", parameters);
        foreach (var lane in ended.GroupBy(e => e.LaneId).OrderBy(l => l.Key))
        {
            await session.ExecuteAsync("update {lanes} set size = size - @gone, members_version = members_version + 1 where id = @id", new { id = lane.Key, gone = lane.Count() });
        }

        return ended;
    }

    /// <summary>Has the same entry sent again, to what the subscription is now, if the claim still stands.</summary>
    private static Task AgainAsync(DbSession session, long id, long epoch, long now) =>
        session.ExecuteAsync("update {subscriptions} set claimed_by = null, due = @now where id = @id and epoch = @epoch", new { id, epoch, now });

    private static Task<int> AddAsync(DbSession session, RequestRow request, Beginning begins) =>
        session.ExecuteAsync(
            """
            insert into {subscriptions} (topic_id, lane_id, callback, callback_host, secret, signature_method, content, delivery, full_until, lease_seconds, lease_end, parameters, created_at, verified_at, position, due)
            values (@TopicId, @LaneId, @Callback, @CallbackHost, @Secret, @SignatureMethod, @Content, @Delivery, @FullUntil, @LeaseSeconds, @LeaseEnd, @Parameters, @CreatedAt, @VerifiedAt, @Position, @Now)
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
            });

    /// <summary>
    /// Has a subscription that is un-joined try the newest entry as soon as it may: it waits for that already, or steps back to it. False if it is joined.
    /// </summary>
    private static async Task<bool> StepBackAsync(DbSession session, string callback, long topicId, long head, long now) =>
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set full_until = @head, position = {{session.Pick("min", "least")}}(position, @head - 1),
              due = case when position < @head and claimed_by is not null then due when coalesce(not_before, 0) > @now then not_before else @now end,
              claimed_by = case when position < @head then claimed_by end, epoch = epoch + case when position < @head then 0 else 1 end
            where topic_id = @topicId and callback = @callback and position is not null
            """,
            new { topicId, callback, head, now }) > 0;

    // One whose lease had ended meanwhile was passed over: what comes next goes out in full (rule 24).
    private static async Task<LaneRow?> RenewAsync(DbSession session, RequestRow request, Beginning begins, long head)
    {
        var laneId = await session.ScalarAsync<long?>(
            $$"""
            update {subscriptions} set lease_seconds = @LeaseSeconds, lease_end = @LeaseEnd, signature_method = @SignatureMethod, content = @Content, delivery = @Delivery, parameters = @Parameters, verified_at = @VerifiedAt,
              full_until = case when lease_end <= @Now and full_until < @head + 1 then @head + 1 else full_until end,
              version = version + case when secret {{session.Pick("is", "is not distinct from")}} @Secret then 0 else 1 end, secret = @Secret
            where topic_id = @TopicId and callback = @Callback
            returning lane_id
            """,
            new { begins.TopicId, request.Callback, request.LeaseSeconds, begins.LeaseEnd, request.SignatureMethod, request.Content, request.Delivery, request.Parameters, begins.VerifiedAt, request.Secret, begins.Now, head });
        return laneId is null ? null : await session.FirstOrDefaultAsync<LaneRow>("update {lanes} set members_version = members_version + 1 where id = @laneId returning id, cursor", new { laneId });
    }

    public static async Task<long> FindRoomAsync(DbSession session, long topicId, long head)
    {
        const string Take =
            "update {lanes} set size = size + 1 where id = (select id from {lanes} where topic_id = @topicId and size < @LaneSize order by number limit 1) and size < @LaneSize returning id";
        while (true)
        {
            if (await session.ScalarAsync<long?>(Take, new { topicId, LaneSize }) is { } lane) return lane;
            await session.ExecuteAsync(
                """
                insert into {lanes} (topic_id, number, cursor)
                values (@topicId, (select coalesce(max(number), 0) + 1 from {lanes} where topic_id = @topicId), @head)
                on conflict (topic_id, number) do nothing
                """,
                new { topicId, head });
        }
    }

    /// <summary>Where and when a subscription begins.</summary>
    private sealed record Beginning(long TopicId, long VerifiedAt, long LeaseEnd, long Now)
    {
        public long LaneId { get; init; }

        /// <summary>The last entry it has had, or shall not get.</summary>
        public long Position { get; init; }

        /// <summary>The last entry that goes out in full whatever it had before; null for its first one.</summary>
        public long? FullUntil { get; init; }

        /// <summary>When it first began; null for now.</summary>
        public long? CreatedAt { get; init; }
    }
}
