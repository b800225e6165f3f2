using System.Data.Common;
using WebSub.Hub.Values;
using WebSub.Predicates;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Reads what explanations follow from.</summary>
internal sealed class ExplanationStore(HubDatabase database)
{
    private const int MaxDeadLetters = 3;
    private const string Latest = "latest";
    private const string NewestFirst = " order by d.id desc limit @take";

    /// <summary>What is known of a topic and a callback, both byte for byte.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="asked">The number of the update that is asked for; null asks for the newest.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<ExplainedPair> ReadAsync(
        string topic,
        string callback,
        long? asked,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            async session =>
            {
                var parameters = new { topic, callback };
                var pair = new ExplainedPair
                {
                    Topic = topic,
                    Callback = callback,
                    Asked = asked,
                    Now = now,
                    Ending = await EndingStore.FindAsync(session, topic, callback),
                    Request = await FindRequestAsync(session, "topic = @topic and callback = @callback and pattern is null", parameters),
                    KnownTopic = First(
                        await session.ReadAsync(
                            $"{OperatorStore.Topics} t.url = @topic and t.filtered = 0",
                            parameters,
                            OperatorStore.ReadTopic
                        )
                    ),
                };
                if (pair.KnownTopic is not null)
                    return await WithUpdatesAsync(session, pair);
                return PredicateTopic.TryParse(topic, out var predicate, out _)
                    ? await WithMessagesAsync(session, pair, predicate.Key)
                    : pair with
                    {
                        SimilarTopic = await FindSimilarAsync(session, topic),
                    };
            },
            cancellationToken
        );

    private static async Task<ExplainedPair> WithUpdatesAsync(DbSession session, ExplainedPair pair)
    {
        var sequence = pair.Asked ?? pair.KnownTopic!.Head;
        var parameters = new
        {
            pair.Topic,
            pair.Callback,
            sequence,
            pair.Now,
            take = MaxDeadLetters,
        };
        pair = pair with
        {
            IsFetching =
                await session.ScalarAsync<long>("select count(*) from {topics} where url = @Topic and claimed_by is not null", parameters)
                > 0,
            Update =
                sequence >= 1 && sequence <= pair.KnownTopic!.Head
                    ? First(
                        await session.ReadAsync(
                            """
                            select e.sequence, e.published_at, case when d.size = 0 then 1 else 0 end
                            from {entries} e join {topics} t on t.id = e.topic_id left join {contents} d on d.id = e.diff_id
                            where t.url = @Topic and e.sequence = @sequence
                            """,
                            parameters,
                            row => new ExplainedEntry(row.GetInt64(0), row.Time(1), row.GetInt64(2) != 0)
                        )
                    ) ?? new(sequence, null)
                    : null,
        };
        pair = await WithDeadLettersAsync(session, pair, "t.url = @Topic", parameters);
        pair = await WithPastAsync(session, pair, pair.Ending?.State);
        return await WithSubscriptionAsync(session, pair, "t.url = @Topic and s.callback = @Callback", parameters);
    }

    private static async Task<ExplainedPair> WithMessagesAsync(DbSession session, ExplainedPair pair, string key)
    {
        var patterns = await PatternStore.OfAsync(session, pair.Callback);
        pair = pair with
        {
            Messages = new() { Key = key, Patterns = patterns },
            Ending = await FindEndingAsync(session, key, pair.Callback, hasOthers: patterns.Count > 0),
            Request = await FindRequestAsync(session, "callback = @Callback and pattern = @key", new { pair.Callback, key }),
        };
        var covering = patterns.Where(p => p.Covers(key) && p.LeaseEnd > pair.Now).ToList();
        if (covering.Count == 0)
            return await WithPastMessagesAsync(session, pair, patterns.FirstOrDefault(p => p.Covers(key)), key);

        var member = covering[0];
        var update = await FindMessageAsync(session, member.TopicId, covering.Min(p => p.AfterSequence), key, pair.Asked);
        var parameters = new
        {
            member.TopicId,
            member.SubscriptionId,
            pair.Callback,
            sequence = update?.Sequence ?? 0,
            pair.Now,
            take = MaxDeadLetters,
        };
        pair = await WithDeadLettersAsync(session, pair with { Update = update }, "d.topic_id = @TopicId", parameters);
        return await WithSubscriptionAsync(session, pair, "s.id = @SubscriptionId", parameters);
    }

    /// <summary>How the last of a callback's patterns ended that covered a topic of messages.</summary>
    /// <param name="session">For reading.</param>
    /// <param name="key">The topic's key.</param>
    /// <param name="callback">The callback.</param>
    /// <param name="hasOthers">
    /// True if the callback has patterns: that all of them ended once is no answer then, that <c>*</c>, which has the same key, did is one.
    /// </param>
    private static async Task<Ending?> FindEndingAsync(DbSession session, string key, string callback, bool hasOthers)
    {
        var covering = PatternStore.PatternsThatCover(key).ToList();
        if (!hasOthers || key.Length == 0)
            return await EndingStore.FindAsync(session, covering, callback);
        return await EndingStore.FindAsync(session, covering.Where(p => p != EndingStore.AllMessages), callback)
            ?? (await EndingStore.FindAsync(session, EndingStore.AllMessages, callback) is { State: not null } ofAny ? ofAny : null);
    }

    /// <summary>What was published of a topic of messages before its pattern ended.</summary>
    private static async Task<ExplainedPair> WithPastMessagesAsync(DbSession session, ExplainedPair pair, PatternRow? expired, string key)
    {
        var state = expired is null ? pair.Ending?.State : await PatternStore.StateAsync(session, expired, expired.LeaseEnd);
        if (state is null)
            return pair;
        var update = await FindMessageAsync(session, new(state.TopicId), state.After, key, pair.Asked);
        var parameters = new
        {
            state.TopicId,
            pair.Callback,
            sequence = update?.Sequence ?? 0,
            take = MaxDeadLetters,
        };
        pair = await WithDeadLettersAsync(session, pair with { Update = update }, "d.topic_id = @TopicId", parameters);
        return await WithPastAsync(session, pair, state);
    }

    /// <summary>The subscription that ended, as it was then.</summary>
    private static async Task<ExplainedPair> WithPastAsync(DbSession session, ExplainedPair pair, LastState? state)
    {
        if (state is null || pair.Update is not { } update)
            return pair;
        var letters = await session.ReadAsync(
            """
            select fate, at from {past_letters} where topic_id = @TopicId and subscription_id = @Id
              and @Sequence between first_sequence and last_sequence and at >= @CreatedAt
              and (at <= @EndedAt or (@Sequence <= @Position and fate in (@Deleted, @Dropped)))
            order by at desc limit 1
            """,
            new
            {
                state.TopicId,
                state.Id,
                update.Sequence,
                state.CreatedAt,
                state.EndedAt,
                state.Position,
                PastLetter.Deleted,
                PastLetter.Dropped,
            },
            ReadPastLetter
        );
        return pair with { Past = PastOf(pair, state, First(letters)) };
    }

    private static ExplainedPast PastOf(ExplainedPair pair, LastState state, PastLetter? letter)
    {
        var subscription = new HubSubscription
        {
            Id = PublicIds.OfSubscription(state.Id, state.CreatedAt),
            TopicId = PublicIds.Of(new TopicId(state.TopicId)),
            Topic = pair.Topic,
            Callback = PlainCallback.Of(pair.Callback),
            State = HubSubscriptionState.Expired,
            Position = state.Position,
            CreatedAt = new DatabaseTime(state.CreatedAt).ToMoment(),
            LeaseEnd = new DatabaseTime(state.EndedAt).ToMoment(),
            LastAttempt = MomentOf(state.LastAttemptAt),
        };
        var progress = new ExplainedProgress
        {
            SavedAt = MomentOf(state.SavedAt),
            WantsLatest = state.Delivery == Latest,
            TakesDiffsAfter = TakesDiffsAfter(state.Delivery, state.Content, state.FullUntil),
        };
        return new(subscription, progress, letter);
    }

    /// <summary>The callback's newest dead letters of a topic, and the one that has the update that is looked at.</summary>
    private static async Task<ExplainedPair> WithDeadLettersAsync(DbSession session, ExplainedPair pair, string ofTopic, object parameters)
    {
        var letters = $"{OperatorStore.DeadLetters} {ofTopic} and d.callback = @Callback";
        return pair with
        {
            DeadLetters = await session.ReadAsync(letters + NewestFirst, parameters, OperatorStore.ReadDeadLetter),
            GivenUp = First(
                await session.ReadAsync(
                    $"{letters} and d.replayed = 0 and @sequence between d.first_sequence and d.last_sequence {NewestFirst}",
                    parameters,
                    OperatorStore.ReadDeadLetter
                )
            ),
        };
    }

    private static async Task<ExplainedPair> WithSubscriptionAsync(
        DbSession session,
        ExplainedPair pair,
        string which,
        object parameters
    ) =>
        pair with
        {
            PastLetter = First(
                await session.ReadAsync(
                    $$"""
                    select p.fate, p.at from {past_letters} p join {subscriptions} s on s.topic_id = p.topic_id and s.id = p.subscription_id
                      join {topics} t on t.id = s.topic_id
                    where {{which}} and @sequence between p.first_sequence and p.last_sequence and p.at >= s.created_at
                    order by p.at desc limit 1
                    """,
                    parameters,
                    ReadPastLetter
                )
            ),
            Subscription = First(
                await session.ReadAsync(
                    $"{OperatorStore.Subscriptions} {which}",
                    parameters,
                    row => OperatorStore.ReadSubscription(row, pair.Now)
                )
            ),
            Progress = First(
                await session.ReadAsync(
                    $$"""
                    select l.saved_at, s.claimed_by, s.not_before, s.delivery, s.content, s.full_until, l.number, l.size, l.cursor,
                      {{session.Pick("0", "1")}}, case when l.claimed_until > @Now then l.claimed_by end
                    from {subscriptions} s join {topics} t on t.id = s.topic_id join {lanes} l on l.id = s.lane_id where {{which}}
                    """,
                    parameters,
                    ReadProgress
                )
            ),
        };

    private static async Task<ExplainedRequest?> FindRequestAsync(DbSession session, string which, object parameters) =>
        First(
            await session.ReadAsync(
                $"{OperatorStore.Requests} {which}",
                parameters,
                row => new ExplainedRequest(OperatorStore.ReadRequest(row), row.GetString(9) == nameof(IntentVerdict.Denied), row.Text(10))
            )
        );

    /// <summary>
    /// The newest entry after a sequence that has a key, one per line, which begins like this one; or only that with the number asked for.
    /// </summary>
    private static async Task<ExplainedEntry?> FindMessageAsync(DbSession session, TopicId topicId, long after, string key, long? asked) =>
        First(
            await session.ReadAsync(
                $$"""
                select sequence, published_at from {entries} where topic_id = @topicId and sequence > @after
                  {{(asked is null ? "" : "and sequence = @asked")}}
                  and {{session.Pick("instr", "strpos")}}(@line || predicate, @line || @key) > 0
                order by sequence desc limit 1
                """,
                new
                {
                    topicId,
                    after,
                    key,
                    asked,
                    line = "\n",
                },
                row => new ExplainedEntry(row.GetInt64(0), row.Time(1))
            )
        );

    private static Task<string?> FindSimilarAsync(DbSession session, string topic)
    {
        var other =
            topic.StartsWith("http://", StringComparison.Ordinal) ? "https" + topic[4..]
            : topic.StartsWith("https://", StringComparison.Ordinal) ? "http" + topic[5..]
            : topic;
        return session.ScalarAsync<string>(
            "select url from {topics} where url in (@other, @one, @two, @three, @four) and filtered = 0 limit 1",
            new
            {
                other,
                one = topic.TrimEnd('/'),
                two = topic + "/",
                three = other.TrimEnd('/'),
                four = other + "/",
            }
        );
    }

    private static PastLetter ReadPastLetter(DbDataReader row) => new(row.GetString(0), new(row.GetInt64(1)));

    private static ExplainedProgress ReadProgress(DbDataReader row) =>
        new()
        {
            SavedAt = row.TimeOrNull(0),
            IsInFlight = !row.IsDBNull(1),
            NotBefore = row.TimeOrNull(2),
            WantsLatest = row.Text(3) == Latest,
            TakesDiffsAfter = TakesDiffsAfter(row.Text(3), row.Text(4), row.GetInt64(5)),
            Lane = new(row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9) != 0, row.Text(10)),
        };

    private static DateTimeOffset? MomentOf(long? at) => at is { } known ? new DatabaseTime(known).ToMoment() : null;

    private static long? TakesDiffsAfter(string? delivery, string? content, long fullUntil) =>
        delivery == Latest || content == "full" ? null : fullUntil;

    private static T? First<T>(IReadOnlyList<T> found)
        where T : class => found.Count > 0 ? found[0] : null;
}
