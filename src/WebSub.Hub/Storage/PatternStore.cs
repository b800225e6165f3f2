using System.Text.Json;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The predicate subscriptions. All patterns of a callback belong to one subscription of the engine, so a message that several of them
/// cover is delivered once (rule 31). Adding a pattern takes the lock that appending messages shares: a message is either before the
/// pattern or sees it.
/// </summary>
internal sealed class PatternStore(HubDatabase database)
{
    /// <summary>
    /// How many callbacks share a topic. A message costs an entry for each topic it concerns, and a look at each of its members.
    /// </summary>
    private const int Members = 250;

    private const string Columns =
        "id, callback, pattern, topic, topic_id, subscription_id, secret, lease_seconds, lease_end, after_sequence, created_at";

    /// <summary>
    /// Stores what a verified request asked for and ends the request. A known pattern gets the new lease and secret; a new one gets what is
    /// published from now on. Returns the topic whose members changed, or null if a newer request took this one's place.
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

    /// <summary>The same inside a caller's transaction, for a request that needs no verification and was never stored.</summary>
    public static async Task<TopicId> ActivateAsync(
        DbSession session,
        RequestRow request,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd,
        DatabaseTime now
    )
    {
        var version = await session.ScalarAsync<long>("update {pattern_version} set version = version + 1 where id = 1 returning version");
        var known = await FindAsync(session, request.Pattern!, request.Callback);
        return known is not null
            ? await RenewAsync(session, known, request, verifiedAt, leaseEnd)
            : await AddAsync(session, request, version, verifiedAt, leaseEnd, now);
    }

    /// <summary>
    /// Ends the pattern that a verified unsubscribe request named, and the request. Says whether it was this request that counted, and the
    /// topic whose members changed, or null if nothing ended.
    /// </summary>
    public Task<(bool Counts, TopicId? TopicId)> DeactivateAsync(
        RequestRow request,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<(bool Counts, TopicId? TopicId)>(
            async session =>
                await RequestStore.FinishAsync(session, request, now)
                    ? (true, await DeactivateAsync(session, request.Pattern!, request.Callback, now))
                    : (false, null),
            cancellationToken
        );

    /// <summary>The same inside a caller's transaction.</summary>
    public static async Task<TopicId?> DeactivateAsync(DbSession session, string pattern, string callback, DatabaseTime now)
    {
        if (await FindAsync(session, pattern, callback) is not { } row)
            return null;
        await EndAsync(session, [row], new(Ending.Unsubscribed, null, now));
        return row.TopicId;
    }

    /// <summary>A callback's subscription to a pattern, whether or not its lease has ended; null if there is none.</summary>
    public static Task<PatternRow?> FindAsync(DbSession session, string pattern, string callback) =>
        session.FirstOrDefaultAsync<PatternRow>(
            $$"""select {{Columns}} from {patterns} where callback = @callback and pattern = @pattern""",
            new { callback, pattern }
        );

    /// <summary>How many other patterns a callback has.</summary>
    public static Task<long> CountOthersAsync(DbSession session, RequestRow request) =>
        session.ScalarAsync<long>(
            "select count(*) from {patterns} where callback = @Callback and pattern <> @Pattern",
            new { request.Callback, request.Pattern }
        );

    /// <summary>How many other callbacks get messages of the topic that a request is about.</summary>
    public static Task<long> CountOthersOfTopicAsync(DbSession session, RequestRow request, DatabaseTime now) =>
        session.ScalarAsync<long>(
            "select count(distinct callback) from {patterns} where callback <> @Callback and lease_end > @now and pattern in "
                + session.Pick("(select value from json_each(@covering))", "(select jsonb_array_elements_text(@covering::jsonb))"),
            new
            {
                request.Callback,
                now,
                covering = JsonSerializer.Serialize(PatternsThatCover(request.Pattern!)),
            }
        );

    /// <summary>A pattern's key, and those of all patterns above it: <c>A.B.</c>, <c>A.</c> and that of <c>*</c>.</summary>
    public static IEnumerable<string> PatternsThatCover(string pattern) =>
        Enumerable.Range(0, pattern.Length + 1).Where(n => n == 0 || pattern[n - 1] == '.').Select(n => pattern[..n]);

    /// <summary>The version of the patterns; none can be added until the transaction ends.</summary>
    public static Task<long> ShareVersionAsync(DbSession session) =>
        session.ScalarAsync<long>("select version from {pattern_version} where id = 1" + session.Pick("", " for share"));

    /// <summary>The patterns that were added after a version, and the topics that their messages are appended to.</summary>
    public static Task<IReadOnlyList<(string Pattern, TopicId TopicId)>> AddedAsync(DbSession session, long since) =>
        session.ReadAsync(
            "select pattern, topic_id from {patterns} where version > @since",
            new { since },
            row => (row.GetString(0), new TopicId(row.GetInt64(1)))
        );

    /// <summary>Keeps other transactions from adding a pattern until this one ends, so that what it finds is so when it adds one.</summary>
    public static Task LockAsync(DbSession session) =>
        session.ScalarAsync<long>("select version from {pattern_version} where id = 1" + session.Pick("", " for update"));

    /// <summary>A callback's patterns whose lease runs, in the order of their keys, after one of them.</summary>
    public Task<IReadOnlyList<PatternRow>> ListAsync(
        string callback,
        string? after,
        int max,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<PatternRow>(
                    $$"""
                    select {{Columns}} from {patterns}
                    where callback = @callback and lease_end > @now and (@after is null or pattern > @after) order by pattern limit @max
                    """,
                    new
                    {
                        callback,
                        after,
                        now,
                        max,
                    }
                ),
            cancellationToken
        );

    /// <summary>All patterns of a callback, in the order of their keys.</summary>
    public static Task<IReadOnlyList<PatternRow>> OfAsync(DbSession session, string callback) =>
        session.QueryAsync<PatternRow>(
            $$"""select {{Columns}} from {patterns} where callback = @callback order by pattern""",
            new { callback }
        );

    /// <summary>What the members with these ids get.</summary>
    public static async Task<ILookup<SubscriptionId, PatternRow>> ReadAsync(DbSession session, IEnumerable<SubscriptionId> subscriptions)
    {
        var rows = await session.QueryAsync<PatternRow>(
            $$"""select {{Columns}} from {patterns} where {{session.AnyOf("subscription_id", "subscriptions")}}""",
            new { subscriptions = session.Ids(subscriptions) }
        );
        return rows.ToLookup(r => r.SubscriptionId);
    }

    /// <summary>
    /// Ends patterns whose lease has ended, a few at a time; those with a pending request stay (rule 12). Returns those that went.
    /// </summary>
    public Task<IReadOnlyList<PatternRow>> SweepExpiredAsync(DatabaseTime now, int max, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                var expired = await session.QueryAsync<PatternRow>(
                    $$"""
                    select {{Columns}} from {patterns} p where lease_end <= @now
                      and not exists (select 1 from {requests} r where r.pattern = p.pattern and r.callback = p.callback) limit @max
                    """,
                    new { now, max }
                );
                await EndAsync(session, expired, new(Ending.LeaseEnded, null, now));
                return expired;
            },
            cancellationToken
        );

    private static async Task<TopicId> RenewAsync(
        DbSession session,
        PatternRow known,
        RequestRow request,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd
    )
    {
        await session.ExecuteAsync(
            "update {patterns} set topic = @Topic, secret = @Secret, lease_seconds = @LeaseSeconds, lease_end = @leaseEnd where id = @Id",
            new
            {
                request.Topic,
                request.Secret,
                request.LeaseSeconds,
                leaseEnd,
                known.Id,
            }
        );
        // Rule 11: what was answered under another secret does not count.
        await UpdateMemberAsync(session, known.SubscriptionId, verifiedAt, known.Secret == request.Secret ? 0 : 1);
        return known.TopicId;
    }

    private static async Task<TopicId> AddAsync(
        DbSession session,
        RequestRow request,
        long version,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd,
        DatabaseTime now
    )
    {
        var member = await session.FirstOrDefaultAsync<PatternRow>(
            $$"""select {{Columns}} from {patterns} where callback = @Callback limit 1""",
            new { request.Callback }
        );
        var topicId = member?.TopicId ?? await FindTopicAsync(session, now);
        // Whoever appends after this counts one pattern more; a run that has not read it yet waits until it has.
        var head = await session.ScalarAsync<long>(
            "update {topics} set patterns = patterns + 1 where id = @topicId returning head",
            new { topicId }
        );
        var subscriptionId = member?.SubscriptionId ?? await AddMemberAsync(session, request, topicId, head, verifiedAt, leaseEnd, now);
        await session.ExecuteAsync(
            """
            insert into {patterns} (callback, pattern, topic, topic_id, subscription_id, secret, lease_seconds, lease_end, after_sequence,
              version, created_at)
            values (@Callback, @Pattern, @Topic, @topicId, @subscriptionId, @Secret, @LeaseSeconds, @leaseEnd, @head, @version, @now)
            """,
            new
            {
                request.Callback,
                request.Pattern,
                request.Topic,
                topicId,
                subscriptionId,
                request.Secret,
                request.LeaseSeconds,
                leaseEnd,
                head,
                version,
                now,
            }
        );
        if (member is not null)
            await UpdateMemberAsync(session, subscriptionId, verifiedAt, 0);
        return topicId;
    }

    /// <summary>The newest topic that has room for one more callback; a new one when it is full.</summary>
    private static async Task<TopicId> FindTopicAsync(DbSession session, DatabaseTime now)
    {
        var free = await session.ScalarAsync<TopicId?>(
            "select t.id from {topics} t where t.filtered = 1 and coalesce((select sum(l.size) from {lanes} l "
                + "where l.topic_id = t.id), 0) < @max limit 1",
            new { max = Members }
        );
        if (free is { } known)
            return known;
        var id = new TopicId(RandomId.New());
        await session.ExecuteAsync(
            "insert into {topics} (id, url, filtered, created_at) values (@id, @url, 1, @now)",
            new
            {
                id,
                url = $"{HubTopic.OfMessages}{id.Value:x16}",
                now,
            }
        );
        return id;
    }

    private static async Task<SubscriptionId> AddMemberAsync(
        DbSession session,
        RequestRow request,
        TopicId topicId,
        long head,
        DatabaseTime verifiedAt,
        DatabaseTime leaseEnd,
        DatabaseTime now
    )
    {
        await PauseStore.KeepAsync(session);
        var laneId = (await LaneRooms.TakeAsync(session, topicId, head, 1))[0];
        var until = PauseStore.Until("@PauseTopic", "@PauseOrigin");
        return await session.ScalarAsync<SubscriptionId>(
            $$"""
            insert into {subscriptions} (topic_id, lane_id, callback, callback_host, full_until, lease_seconds, lease_end, created_at,
              verified_at, position, due, not_before, paused, epoch)
            values (@topicId, @laneId, @Callback, @CallbackHost, @head + 1, @LeaseSeconds, @leaseEnd, @now, @verifiedAt, @head,
              coalesce({{until}}, @now), {{until}}, {{PauseStore.Flags("@PauseTopic", "@PauseOrigin")}}, @now)
            returning id
            """,
            new
            {
                topicId,
                laneId,
                request.Callback,
                request.CallbackHost,
                request.LeaseSeconds,
                leaseEnd,
                now,
                verifiedAt,
                head,
                PauseTopic = PauseStore.KeyOf(topicId),
                PauseOrigin = CallbackOrigin.Of(request.Callback)?.Name,
            }
        );
    }

    /// <summary>Gives a member the longest lease of its patterns, and has its run read it again (rule 10).</summary>
    private static async Task UpdateMemberAsync(DbSession session, SubscriptionId subscriptionId, DatabaseTime verifiedAt, int change)
    {
        var laneId = await session.ScalarAsync<LaneId>(
            """
            update {subscriptions} set lease_end = (select max(p.lease_end) from {patterns} p
              where p.subscription_id = @subscriptionId), verified_at = @verifiedAt, version = version + @change
            where id = @subscriptionId returning lane_id
            """,
            new
            {
                subscriptionId,
                verifiedAt,
                change,
            }
        );
        await session.ExecuteAsync("update {lanes} set members_version = members_version + 1 where id = @laneId", new { laneId });
    }

    /// <summary>How far a pattern's callback has come; null if that has ended.</summary>
    public static async Task<LastState?> StateAsync(DbSession session, PatternRow pattern, DatabaseTime at) =>
        (await WithStatesAsync(session, [pattern], at))[0].State;

    private static async Task<IReadOnlyList<(string Topic, string Callback, LastState? State)>> WithStatesAsync(
        DbSession session,
        IReadOnlyList<PatternRow> patterns,
        DatabaseTime at
    )
    {
        var members = await session.QueryAsync<EndedSubscription>(
            $$"""
            select s.id, s.topic_id, coalesce(s.position, l.cursor) as position, s.last_attempt_at, l.saved_at
            from {subscriptions} s join {lanes} l on l.id = s.lane_id where {{session.AnyOf("s.id", "ids")}}
            """,
            new { ids = session.Ids(patterns.Select(p => p.SubscriptionId).Distinct()) }
        );
        var known = members.ToDictionary(m => m.Id);
        return
        [
            .. patterns.Select(p =>
                (p.Pattern, p.Callback, known.TryGetValue(p.SubscriptionId, out var member) ? LastState.Of(p, member, at) : null)
            ),
        ];
    }

    private static async Task EndAsync(DbSession session, IReadOnlyList<PatternRow> patterns, Ending ending)
    {
        if (patterns.Count == 0)
            return;
        await EndingStore.AddAsync(session, await WithStatesAsync(session, patterns, ending.At), ending);
        await session.ExecuteAsync(
            "delete from {patterns} where " + session.AnyOf("id", "ids"),
            new { ids = session.Ids(patterns.Select(p => p.Id)) }
        );
        foreach (var members in patterns.Select(p => p.SubscriptionId).Distinct().OrderBy(id => id.Value).Chunk(500))
        {
            var ids = session.Ids(members);
            await SubscriptionStore.EndAsync(
                session,
                session.AnyOf("id", "ids") + " and not exists (select 1 from {patterns} p where p.subscription_id = {subscriptions}.id)",
                new { ids }
            );
            await session.ExecuteAsync(
                $$"""
                update {lanes} set members_version = members_version + 1 where id in (select s.lane_id from {subscriptions} s
                  where {{session.AnyOf(
                    "s.id",
                    "ids"
                )}})
                """,
                new { ids }
            );
            await session.ExecuteAsync(
                $$"""
                update {subscriptions} set lease_end = (select max(p.lease_end) from {patterns} p
                  where p.subscription_id = {subscriptions}.id) where {{session.AnyOf(
                    "id",
                    "ids"
                )}}
                """,
                new { ids }
            );
        }
    }
}
