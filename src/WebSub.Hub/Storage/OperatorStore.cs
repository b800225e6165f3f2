using System.Data.Common;
using System.Globalization;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Reads what an operator sees: each page is one statement, in the order of a key that never changes.</summary>
internal sealed class OperatorStore(HubDatabase database)
{
    /// <summary>Topics that a search for a part of their URLs looks at for a page.</summary>
    public const int MaxLookedAt = 100_000;

    // Both know upper and lower case of a to z only.
    private const string SqliteContains = "instr(lower(t.url), @part)";
    private const string PostgreSqlContains = "strpos(lower(t.url collate \"C\"), @part)";

    /// <summary>Reads topics; what follows says which.</summary>
    public const string Topics = """
        select t.id, t.url, t.registered, t.head, (select cast(coalesce(sum(l.size), 0) as bigint) from {lanes} l where l.topic_id = t.id),
          t.created_at, t.pinged_at, t.fetched_at, t.due, t.failures, t.last_error,
          (select e.published_at from {entries} e where e.topic_id = t.id and e.sequence = t.head), t.fetch_status
        from {topics} t where
        """;

    /// <summary>Reads subscriptions; what follows says which.</summary>
    public const string Subscriptions = """
        select s.id, s.created_at, s.topic_id, t.url, s.callback, s.paused, s.position, l.cursor, t.head, s.lease_end, s.verified_at,
          s.attempts, s.due, s.last_attempt_at, s.last_status, s.last_error, case when s.secret is null then 0 else 1 end,
          s.behind_since, s.failed_attempts
        from {subscriptions} s join {topics} t on t.id = s.topic_id join {lanes} l on l.id = s.lane_id where
        """;

    /// <summary>Reads dead letters; what follows says which.</summary>
    public const string DeadLetters = """
        select d.id, d.topic_id, t.url, d.callback, d.first_sequence, d.last_sequence, d.attempts, d.last_status, d.last_error,
          d.created_at, (select count(*) from {replays} r where r.dead_letter_id = d.id), d.replayed
        from {dead_letters} d left join {topics} t on t.id = d.topic_id where
        """;

    /// <summary>Reads requests; what follows says which.</summary>
    public const string Requests =
        "select id, mode, topic, callback, created_at, attempts, due, claimed_by, last_error, verdict, reason from {requests} where";

    private const string Actions = """
        select a.id, a.kind, a.target, a.reason, a.requested_by, a.requested_at, a.done_at, a.affected, a.result,
          (select count(*) from {replays} r where r.action_id = a.id)
        from {actions} a where
        """;

    /// <summary>Topics, by their ids.</summary>
    /// <returns>
    /// The topics; and the last one that was looked at, if the search for a part of their URLs stopped there with others to come.
    /// </returns>
    public Task<(IReadOnlyList<HubTopic> Topics, TopicId? LookedAt)> TopicsAsync(
        HubTopicFilter filter,
        TopicId? id,
        long after,
        int take,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync<(IReadOnlyList<HubTopic>, TopicId?)>(
            async session =>
            {
                var last = filter.Contains is null ? null : await LastLookedAtAsync(session, after);
                var which = string.Concat(
                    id is not null ? "t.id = @id" : "t.id > @after",
                    filter.Url is null ? "" : " and t.url = @Url",
                    last is null ? "" : " and t.id <= @last",
                    filter.Contains is null ? "" : $" and {session.Pick(SqliteContains, PostgreSqlContains)} > 0"
                );
                var topics = await session.ReadAsync(
                    $"{Topics} {which} and t.filtered = 0 order by t.id limit @take",
                    new
                    {
                        id,
                        filter.Url,
                        part = filter.Contains is { } part ? LowerAscii(part) : null,
                        after,
                        last,
                        take,
                    },
                    ReadTopic
                );
                if (topics.Count == 0)
                    return (topics, last);
                var paused = (
                    await session.QueryAsync<string>("select target from {pauses} where flag = @OfTopic", new { PauseStore.OfTopic })
                ).ToHashSet(StringComparer.Ordinal);
                return (paused.Count == 0 ? topics : [.. topics.Select(t => t with { IsPaused = paused.Contains(t.Id) })], last);
            },
            cancellationToken
        );

    /// <summary>Where a search among topics stops, so that it ends soon however many there are; null if they end before.</summary>
    private static Task<TopicId?> LastLookedAtAsync(DbSession session, long after) =>
        session.ScalarAsync<TopicId?>(
            "select id from {topics} where id > @after order by id limit 1 offset @MaxLookedAt - 1",
            new { after, MaxLookedAt }
        );

    private static string LowerAscii(string text) => string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c));

    /// <summary>Subscriptions, by their ids.</summary>
    public Task<IReadOnlyList<HubSubscription>> SubscriptionsAsync(
        HubSubscriptionFilter filter,
        (long Id, long CreatedAt)? only,
        long after,
        int take,
        DatabaseTime now,
        CancellationToken cancellationToken
    )
    {
        var which = string.Concat(
            only is null ? "s.id > @after" : "s.id = @id and s.created_at = @createdAt",
            filter.Topic is null ? "" : " and s.topic_id = (select id from {topics} where url = @Topic)",
            filter.Host is null ? "" : " and s.callback_host = @host",
            filter.State switch
            {
                null => "",
                HubSubscriptionState.Paused => " and s.paused <> 0",
                HubSubscriptionState.Expired => " and s.lease_end <= @now",
                HubSubscriptionState.Behind => " and s.paused = 0 and s.due is not null and s.lease_end > @now and s.position < t.head",
                // One that has settled and is yet to join goes with its lane. One that is about to settle is neither, for a moment.
                _ => " and s.paused = 0 and s.due is null and s.lease_end > @now",
            }
        );
        return database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $"{Subscriptions} {which} order by s.id limit @take",
                    new
                    {
                        after,
                        id = only?.Id,
                        createdAt = only?.CreatedAt,
                        filter.Topic,
                        host = filter.Host?.ToLowerInvariant(),
                        now,
                        take,
                    },
                    row => ReadSubscription(row, now)
                ),
            cancellationToken
        );
    }

    /// <summary>The last attempts of a subscription that failed, the newest first; null if it is not there.</summary>
    public Task<IReadOnlyList<HubAttempt>?> FailuresAsync((long Id, long CreatedAt) id, CancellationToken cancellationToken) =>
        database.Db.ReadAsync<IReadOnlyList<HubAttempt>?>(
            async session =>
                await session.ReadAsync(
                    "select failures from {subscriptions} where id = @Id and created_at = @CreatedAt",
                    new { id.Id, id.CreatedAt },
                    row => StoredFailures.Read(row.Text(0))
                )
                    is [var found]
                    ? found
                    : null,
            cancellationToken
        );

    /// <summary>Subscriptions that are behind, those with most to get first, or those that are behind for longest.</summary>
    public Task<IReadOnlyList<HubSubscription>> FurthestBehindAsync(
        string? topic,
        bool longestFirst,
        int take,
        DatabaseTime now,
        CancellationToken cancellationToken
    )
    {
        var ofTopic = topic is null ? "" : " and s.topic_id = (select id from {topics} where url = @topic)";
        var order = longestFirst ? "case when s.behind_since is null then 1 else 0 end, s.behind_since" : "t.head - s.position desc";
        return database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $"{Subscriptions} s.due is not null and s.paused = 0 and s.lease_end > @now and s.position < t.head{ofTopic} "
                        + $"order by {order}, s.id limit @take",
                    new
                    {
                        topic,
                        now,
                        take,
                    },
                    row => ReadSubscription(row, now)
                ),
            cancellationToken
        );
    }

    /// <summary>Requests, by their ids.</summary>
    public Task<IReadOnlyList<HubRequest>> RequestsAsync(long after, int take, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ReadAsync(Requests + " id > @after order by id limit @take", new { after, take }, ReadRequest),
            cancellationToken
        );

    /// <summary>Dead letters, by their ids; those of a span of time alone by that time, since an index gives them in its order.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="origin">The origin of the filter.</param>
    /// <param name="pair">The topic and the callback of its subscription.</param>
    /// <param name="after">After this id; with a time, after what was given up then and has this id.</param>
    /// <param name="take">How many.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<HubDeadLetter>> DeadLettersAsync(
        HubDeadLetterFilter filter,
        CallbackOrigin? origin,
        (TopicId TopicId, string Callback)? pair,
        (DatabaseTime At, long Id) after,
        int take,
        CancellationToken cancellationToken
    )
    {
        var isOfPair = pair is not null;
        var which = DeadLetterFilters.Where(isOfPair, isOfPair, origin is not null, filter.From is not null, filter.To is not null);
        if (filter.Topic is not null)
            which += " and d.topic_id = (select id from {topics} where url = @Topic)";
        which += IsByTime(filter) ? " and (d.created_at, d.id) > (@At, @Id) order by d.created_at, d.id" : " and d.id > @Id order by d.id";
        return database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $$"""
                    {{DeadLetters}} {{which}} limit @take
                    """,
                    new
                    {
                        after.At,
                        after.Id,
                        filter.Topic,
                        pair?.TopicId,
                        pair?.Callback,
                        origin = origin?.Name,
                        CreatedFrom = DatabaseTime.From(filter.From),
                        CreatedTo = DatabaseTime.From(filter.To),
                        take,
                    },
                    ReadDeadLetter
                ),
            cancellationToken
        );
    }

    /// <summary>True if nothing but time says which.</summary>
    public static bool IsByTime(HubDeadLetterFilter filter) =>
        filter is { Topic: null, Origin: null, Subscription: null } and not { From: null, To: null };

    /// <summary>Lanes, by their ids.</summary>
    /// <param name="topic">Only those of this topic.</param>
    /// <param name="after">After this id.</param>
    /// <param name="take">How many.</param>
    /// <param name="holder">Who holds lanes that nobody has claimed; null for nobody.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<HubLane>> LanesAsync(
        string? topic,
        long after,
        int take,
        string? holder,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $$"""
                    select l.id, l.topic_id, t.url, l.number, l.size,
                      (select count(*) from {subscriptions} s where s.lane_id = l.id and s.position is not null),
                      l.cursor, t.head, l.saved_at, l.claimed_by, l.claimed_until
                    from {lanes} l join {topics} t on t.id = l.topic_id
                    where l.id > @after{{(topic is null ? "" : " and t.url = @topic")}} order by l.id limit @take
                    """,
                    new
                    {
                        topic,
                        after,
                        take,
                    },
                    row => new HubLane
                    {
                        Id = PublicIds.OfNumber(row.GetInt64(0)),
                        TopicId = PublicIds.Of(new TopicId(row.GetInt64(1))),
                        Topic = row.GetString(2),
                        Number = row.GetInt64(3),
                        Size = row.GetInt64(4),
                        Behind = row.GetInt64(5),
                        Cursor = row.GetInt64(6),
                        Head = row.GetInt64(7),
                        SavedAt = row.TimeOrNull(8),
                        Holder = row.Text(9) ?? holder,
                        HeldUntil = row.TimeOrNull(10),
                    }
                ),
            cancellationToken
        );

    /// <summary>The nodes that hold lanes, and how many.</summary>
    public Task<IReadOnlyList<(string? Name, long Lanes)>> HoldersAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    "select claimed_by, count(*) from {lanes} where size > 0 group by claimed_by order by claimed_by",
                    null,
                    row => (row.Text(0), row.GetInt64(1))
                ),
            cancellationToken
        );

    /// <summary>The origins that are paused.</summary>
    public Task<IReadOnlyList<string>> PausedOriginsAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.QueryAsync<string>("select target from {pauses} where flag = @OfOrigin", new { PauseStore.OfOrigin }),
            cancellationToken
        );

    /// <summary>Actions, by their ids.</summary>
    public Task<IReadOnlyList<HubAction>> ActionsAsync(long? only, long after, int take, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    $"{Actions} {(only is null ? "a.id > @after" : "a.id = @only")} order by a.id limit @take",
                    new
                    {
                        only,
                        after,
                        take,
                    },
                    ReadAction
                ),
            cancellationToken
        );

    /// <summary>Actions before one, from the newest to the oldest.</summary>
    public Task<IReadOnlyList<HubAction>> NewestActionsAsync(long before, int take, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ReadAsync(Actions + " a.id < @before order by a.id desc limit @take", new { before, take }, ReadAction),
            cancellationToken
        );

    /// <summary>The id of a topic, also of one that has the messages of predicate subscriptions.</summary>
    public Task<TopicId?> FindTopicAsync(string url, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ScalarAsync<TopicId?>("select id from {topics} where url = @url", new { url }),
            cancellationToken
        );

    /// <summary>The topic and the callback of a subscription, as they are stored.</summary>
    public Task<(TopicId TopicId, string Topic, string Callback)?> FindSubscriptionAsync(
        (long Id, long CreatedAt) id,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync<(TopicId TopicId, string Topic, string Callback)?>(
            async session =>
                await session.ReadAsync(
                    // One that gets messages knows its topic by what it has subscribed to.
                    """
                    select s.topic_id, coalesce((select min(p.topic) from {patterns} p where p.subscription_id = s.id), t.url), s.callback
                    from {subscriptions} s join {topics} t on t.id = s.topic_id where s.id = @Id and s.created_at = @CreatedAt
                    """,
                    new { id.Id, id.CreatedAt },
                    row => (new TopicId(row.GetInt64(0)), row.GetString(1), row.GetString(2))
                )
                    is [var found]
                    ? found
                    : null,
            cancellationToken
        );

    private static HubAction ReadAction(DbDataReader row) =>
        new()
        {
            Id = PublicIds.OfNumber(row.GetInt64(0)),
            Kind = Enum.Parse<HubActionKind>(row.GetString(1)),
            Target = row.GetString(2),
            Reason = row.Text(3),
            RequestedBy = row.GetString(4),
            RequestedAt = row.Time(5),
            DoneAt = row.TimeOrNull(6),
            Affected = row.GetInt64(7),
            Result = row.Text(8),
            Pending = row.GetInt64(9),
        };

    /// <summary>A row of <see cref="DeadLetters"/>.</summary>
    public static HubDeadLetter ReadDeadLetter(DbDataReader row) =>
        new()
        {
            Id = PublicIds.OfNumber(row.GetInt64(0)),
            TopicId = PublicIds.Of(new TopicId(row.GetInt64(1))),
            Topic = row.Text(2),
            Callback = PlainCallback.Of(row.GetString(3)),
            FirstSequence = row.GetInt64(4),
            LastSequence = row.GetInt64(5),
            Attempts = row.GetInt64(6),
            LastStatus = (int?)row.Number(7),
            LastError = row.Text(8),
            CreatedAt = row.Time(9),
            IsRedelivering = row.GetInt64(10) > 0,
            IsOfReplay = row.GetInt64(11) != 0,
        };

    /// <summary>A row of <see cref="Topics"/>.</summary>
    public static HubTopic ReadTopic(DbDataReader row) =>
        new()
        {
            Id = PublicIds.Of(new TopicId(row.GetInt64(0))),
            Url = row.GetString(1),
            IsRegistered = row.GetInt64(2) != 0,
            Head = row.GetInt64(3),
            Subscriptions = row.GetInt64(4),
            CreatedAt = row.Time(5),
            PingedAt = row.TimeOrNull(6),
            FetchedAt = row.TimeOrNull(7),
            FetchDue = row.TimeOrNull(8),
            FetchFailures = row.GetInt64(9),
            FetchError = row.Text(10),
            FetchStatus = row.IsDBNull(10) ? (int?)row.Number(12) : null,
            // One commit stores what a fetch found, and that it did, with one time.
            FetchedSequence = row.IsDBNull(10) && row.Number(7) is { } fetched && fetched == row.Number(11) ? row.GetInt64(3) : null,
            PublishedAt = row.TimeOrNull(11),
        };

    /// <summary>A row of <see cref="Subscriptions"/>.</summary>
    public static HubSubscription ReadSubscription(DbDataReader row, DatabaseTime now)
    {
        var (paused, position, cursor, head) = (row.GetInt64(5), row.Number(6), row.GetInt64(7), row.GetInt64(8));
        var leaseEnd = new DatabaseTime(row.GetInt64(9));
        var reached = position ?? cursor;
        var state =
            leaseEnd <= now ? HubSubscriptionState.Expired
            : paused != 0 ? HubSubscriptionState.Paused
            : position < head && !row.IsDBNull(12) ? HubSubscriptionState.Behind
            : HubSubscriptionState.Active;
        var isBehind = state == HubSubscriptionState.Behind;
        return new()
        {
            Id = PublicIds.OfSubscription(row.GetInt64(0), row.GetInt64(1)),
            CreatedAt = row.Time(1),
            TopicId = PublicIds.Of(new TopicId(row.GetInt64(2))),
            Topic = row.GetString(3),
            Callback = PlainCallback.Of(row.GetString(4)),
            State = state,
            PausedBy = [.. PausersOf(paused)],
            Position = reached,
            Lag = Math.Max(0, head - reached),
            LeaseEnd = leaseEnd.ToMoment(),
            VerifiedAt = row.Time(10),
            Attempts = row.GetInt64(11),
            NextAttempt = paused != 0 ? null : row.TimeOrNull(12),
            LastAttempt = row.TimeOrNull(13),
            LastStatus = (int?)row.Number(14),
            LastError = row.Text(15),
            IsSigned = row.GetInt64(16) != 0,
            BehindSince = isBehind ? row.TimeOrNull(17) : null,
            FailedSince = isBehind ? row.GetInt64(18) : 0,
        };
    }

    private static IEnumerable<string> PausersOf(long paused)
    {
        if ((paused & PauseStore.Own) != 0)
            yield return "subscription";
        if ((paused & PauseStore.OfTopic) != 0)
            yield return "topic";
        if ((paused & PauseStore.OfOrigin) != 0)
            yield return "origin";
    }

    /// <summary>A row of <see cref="Requests"/>.</summary>
    public static HubRequest ReadRequest(DbDataReader row)
    {
        var (attempts, isClaimed, error, isDenied) = (row.GetInt64(5), !row.IsDBNull(7), row.Text(8), row.GetString(9) == "Denied");
        var task = isDenied ? "to acknowledge the denial" : "to confirm it";
        var times = attempts == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{attempts} times");
        return new()
        {
            Id = PublicIds.OfNumber(row.GetInt64(0)),
            Mode = row.GetString(1),
            Topic = row.GetString(2),
            Callback = PlainCallback.Of(row.GetString(3)),
            CreatedAt = row.Time(4),
            Attempts = attempts,
            NextAttempt = isClaimed ? null : row.Time(6),
            Why =
                isClaimed ? $"The callback is being asked {task}."
                : error is not null ? $"The callback was asked {times} {task}, without success. {Sentence.Of(error)}"
                : $"The callback has yet to be asked {task}.",
        };
    }
}
