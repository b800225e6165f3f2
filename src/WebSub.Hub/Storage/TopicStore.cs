using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The topics: what was pinged, what is to be fetched, what was fetched last.</summary>
internal sealed class TopicStore(HubDatabase database)
{
    /// <summary>
    /// A ping of a topic that could not be fetched is followed by a fetch this long after the last one, or sooner: whoever pings is back.
    /// </summary>
    public static readonly TimeSpan LongestWaitOfAPing = TimeSpan.FromSeconds(5);

    private const string Find = "select id from {topics} where url = @url and filtered = 0";

    /// <summary>
    /// Counts a ping for each of these topics that has subscribers and makes them due for a fetch (rule 5), not before
    /// <paramref name="interval"/> after their last one; a topic that could not be fetched keeps its back-off for at most
    /// <see cref="LongestWaitOfAPing"/>, unless its server has asked for more. Returns how many there are.
    /// </summary>
    public Task<int> PingAsync(
        IReadOnlyList<PingedTopic> pinged,
        bool onlyRegistered,
        TimeSpan interval,
        DatabaseTime now,
        CancellationToken cancellationToken
    )
    {
        // The transaction may run where there is no current activity.
        var trace = TraceText.Current;
        return database.Db.WriteAsync(
            async session =>
            {
                var found = 0;
                var urls = new List<string>();
                foreach (var topic in pinged)
                {
                    if (topic.Parts.Count == 0 || await FindAsync(session, topic.Value) is not null)
                        urls.Add(topic.Value);
                    else
                        urls.AddRange(topic.Parts);
                }

                // In one order everywhere, so that two pings of the same topics never wait for each other.
                foreach (var url in urls.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                    found += await PingAsync(session, url, interval, onlyRegistered, trace, now);

                return found;
            },
            cancellationToken
        );
    }

    /// <summary>Takes topics that are due for a fetch; no other node gets them before <paramref name="until"/>.</summary>
    public Task<IReadOnlyList<TopicRow>> ClaimFetchesAsync(
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
                session.QueryAsync<TopicRow>(
                    $$"""
                update {topics} set claimed_by = @node, epoch = epoch + 1, due = @until
                where {{session.Pick(
                    "id in (select id from {topics} where due <= @now order by due limit @max)",
                    "id = any(array(select id from {topics} where due <= @now order by due limit @max for update skip locked))")}}
                returning id, url, etag, etag_url, self_url, hubs, pings, pinged_at, trace, failures, epoch, head, registered,
                  (select cast(coalesce(sum(l.size), 0) as bigint) from {lanes} l where l.topic_id = {topics}.id) as subscribers
                """,
                    new
                    {
                        node,
                        max,
                        now,
                        until,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// Takes the topic's next sequence, inside the transaction that appends an entry under it (rules 1, 2). Null if the topic is gone, or
    /// if the content is the newest entry's and may be passed over (rule 4).
    /// </summary>
    public static async Task<TopicHead?> RaiseHeadAsync(DbSession session, TopicId topicId, byte[] hash, bool always)
    {
        var raised = await session.ReadAsync(
            """
            update {topics} set head = head + 1, content_hash = @hash
            where id = @topicId and (@always = 1 or content_hash is null or content_hash <> @hash)
            returning head, patterns
            """,
            new
            {
                topicId,
                hash,
                always,
            },
            row => new TopicHead(row.GetInt64(0), row.GetInt64(1))
        );
        return raised.Count == 0 ? null : raised[0];
    }

    /// <summary>
    /// Raises the heads of several topics by one for each hash of theirs, the last of which becomes that of the newest content. Returns the
    /// new heads; a topic that is gone has none. For PostgreSQL.
    /// </summary>
    public static async Task<IReadOnlyDictionary<TopicId, long>> RaiseHeadsAsync(DbSession session, ILookup<TopicId, byte[]> hashes)
    {
        // In id order, so that two nodes never wait for each other's topics (rule 1).
        var raised = await session.ReadAsync(
            """
            with held as materialized (select id from {topics} where id = any(@ids) order by id for update)
            update {topics} t set head = t.head + v.added, content_hash = v.hash
            from held join unnest(@ids, @added, @hashes) as v (id, added, hash) on v.id = held.id where t.id = held.id
            returning t.id, t.head
            """,
            new
            {
                ids = session.Ids(hashes.Select(h => h.Key)),
                added = hashes.Select(h => (long)h.Count()).ToArray(),
                hashes = hashes.Select(h => h.Last()).ToArray(),
            },
            row => KeyValuePair.Create(new TopicId(row.GetInt64(0)), row.GetInt64(1))
        );
        return raised.ToDictionary();
    }

    /// <summary>The topic's URL; null for a topic of predicates, which has none, and for one that is gone.</summary>
    public Task<string?> FindUrlAsync(TopicId topicId, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ScalarAsync<string>("select url from {topics} where id = @topicId and filtered = 0", new { topicId }),
            cancellationToken
        );

    /// <summary>When the next fetch is due, or null.</summary>
    public Task<DatabaseTime?> NextDueAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ScalarAsync<DatabaseTime?>("select min(due) from {topics} where due is not null"),
            cancellationToken
        );

    /// <summary>
    /// Ends a fetch, inside the transaction that appends what it found. False if the claim was lost: then nothing of the fetch counts.
    /// Pings that came during the fetch make the topic due once more (rule 5).
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="topic">The topic as it was claimed.</param>
    /// <param name="fetched">What was found.</param>
    /// <param name="again">When the topic is fetched once more because of such pings.</param>
    /// <param name="look">When it is fetched once more in any case; null if there is no reason to.</param>
    /// <param name="now">The time.</param>
    public static async Task<bool> FinishFetchAsync(
        DbSession session,
        TopicRow topic,
        FetchedTopic fetched,
        DatabaseTime again,
        DatabaseTime? look,
        DatabaseTime now
    )
    {
        var (self, hubs) = fetched.LinksOf(topic);
        var finished = await session.ExecuteAsync(
            """
            update {topics} set claimed_by = null, due = case when pings > @Pings then @again
              else @look end, etag = @ETag, etag_url = @ETagUrl, hubs = @hubs, self_url = @self,
              failures = 0, last_error = null, not_before = null, fetched_at = @now, fetch_status = @Status,
              trace = case when pings > @Pings then trace end
            where id = @Id and epoch = @Epoch
            """,
            new
            {
                topic.Id,
                topic.Epoch,
                topic.Pings,
                fetched.ETag,
                fetched.ETagUrl,
                fetched.Status,
                hubs,
                self,
                again,
                look,
                now,
            }
        );
        if (finished == 0)
            return false;
        // What deliveries say about the topic is part of what its runs have read (rule 10).
        if (fetched.ChangesLinksOf(topic))
            await session.ExecuteAsync("update {lanes} set members_version = members_version + 1 where topic_id = @Id", new { topic.Id });
        return true;
    }

    /// <summary>Lets a topic wait its turn; that is no failed fetch.</summary>
    public Task PostponeFetchAsync(TopicRow topic, DatabaseTime due, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {topics} set claimed_by = null, due = @due where id = @Id and epoch = @Epoch",
                    new
                    {
                        topic.Id,
                        topic.Epoch,
                        due,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// Puts a failed fetch off; null waits for the next ping. Pings that came meanwhile make it due by <paramref name="pinged"/>; no ping
    /// makes it due before <paramref name="notBefore"/>.
    /// </summary>
    public Task FailFetchAsync(
        TopicRow topic,
        DatabaseTime? due,
        DatabaseTime pinged,
        DatabaseTime? notBefore,
        string error,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    """
                    update {topics} set claimed_by = null, due = case when pings > @Pings then @again
                      else @due end, failures = failures + 1, last_error = @error, not_before = @notBefore,
                      fetched_at = @now
                    where id = @Id and epoch = @Epoch
                    """,
                    new
                    {
                        topic.Id,
                        topic.Epoch,
                        topic.Pings,
                        due,
                        again = DatabaseTime.Max(DatabaseTime.Min(due ?? pinged, pinged), notBefore ?? now),
                        notBefore,
                        error,
                        now,
                    }
                ),
            cancellationToken
        );

    /// <summary>Frees what a process that is gone had claimed. Only for a database that no other process uses.</summary>
    public Task FreeClaimsAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session => session.ExecuteAsync("update {topics} set claimed_by = null, due = @now where claimed_by is not null", new { now }),
            cancellationToken
        );

    /// <summary>The topic's id; made if it is not there yet. It cannot be removed before the transaction ends.</summary>
    public static async Task<TopicId> FindOrAddAsync(DbSession session, string url, DatabaseTime now)
    {
        if (await HoldAsync(session, url) is { } known)
            return known;
        await AddAsync(session, url, now);
        return await HoldAsync(session, url) ?? throw new InvalidOperationException("A topic that was just stored is not there.");
    }

    /// <summary>
    /// Several topics by their URLs, with their heads; made where they are not there yet. Nobody raises their heads or removes them before
    /// the transaction ends.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, HeldTopic>> HoldOrAddAsync(
        DbSession session,
        IReadOnlyList<string> urls,
        DatabaseTime now
    )
    {
        var held = await HoldAsync(session, urls);
        if (held.Count == urls.Count)
            return held;
        foreach (var url in urls.Where(u => !held.ContainsKey(u)).Order(StringComparer.Ordinal))
            await AddAsync(session, url, now);
        return await HoldAsync(session, urls);
    }

    /// <summary>
    /// Makes a topic that has no content yet due for a fetch as a ping would, inside a caller's transaction: one that could not be fetched
    /// keeps its back-off.
    /// </summary>
    public static Task MakeDueAsync(DbSession session, TopicId topicId, DatabaseTime now) =>
        session.ExecuteAsync(
            $$"""update {topics} set {{SetPinged(session)}} where id = @topicId""",
            new
            {
                topicId,
                interval = 0L,
                longest = DatabaseTime.LengthOf(LongestWaitOfAPing),
                trace = (string?)null,
                now,
            }
        );

    /// <summary>Registers a topic: any string may be one then.</summary>
    public Task RegisterAsync(string topic, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                var id = await FindOrAddAsync(session, topic, now);
                await session.ExecuteAsync("update {topics} set registered = 1 where id = @id", new { id });
            },
            cancellationToken
        );

    /// <summary>Takes a registration back; subscriptions stay until their leases end. False if there was none.</summary>
    public Task<bool> DeregisterAsync(string topic, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
                await session.ExecuteAsync("update {topics} set registered = 0 where url = @topic and registered = 1", new { topic }) > 0,
            cancellationToken
        );

    /// <summary>True for a registered topic.</summary>
    public Task<bool> IsRegisteredAsync(string topic, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            async session => await session.ScalarAsync<long?>("select registered from {topics} where url = @topic", new { topic }) == 1,
            cancellationToken
        );

    /// <summary>The topic's id, or null.</summary>
    public static Task<TopicId?> FindAsync(DbSession session, string url) => session.ScalarAsync<TopicId?>(Find, new { url });

    private static Task<int> AddAsync(DbSession session, string url, DatabaseTime now) =>
        session.ExecuteAsync(
            "insert into {topics} (id, url, created_at) values (@id, @url, @now) on conflict (url) do nothing",
            new
            {
                id = RandomId.New(),
                url,
                now,
            }
        );

    // In the order of ids, as appends lock them.
    private static async Task<Dictionary<string, HeldTopic>> HoldAsync(DbSession session, IReadOnlyList<string> urls) =>
        (
            await session.ReadAsync(
                $$"""
                select t.url, t.id, t.head from {topics} t
                where t.filtered = 0 and t.url in (select v.url from {{JsonRows.As(session, "url text")}}) order by t.id
                """ + session.Pick("", " for share of t"),
                new { rows = JsonRows.Of(urls.Select(u => new object?[] { u })) },
                row => (Url: row.GetString(0), Topic: new HeldTopic(new(row.GetInt64(1)), row.GetInt64(2)))
            )
        ).ToDictionary(t => t.Url, t => t.Topic, StringComparer.Ordinal);

    private static Task<TopicId?> HoldAsync(DbSession session, string url) =>
        session.ScalarAsync<TopicId?>(Find + session.Pick("", " for share"), new { url });

    /// <summary>The same for one topic, inside a caller's transaction.</summary>
    public static Task<int> PingAsync(
        DbSession session,
        string url,
        TimeSpan interval,
        bool onlyRegistered,
        string? trace,
        DatabaseTime now
    ) =>
        session.ExecuteAsync(
            $$"""
            update {topics} set {{SetPinged(session)}}
            where url = @url and filtered = 0 and (registered = 1 or @onlyRegistered = 0) and exists (select 1 from {lanes}
              where {lanes}.topic_id = {topics}.id and {lanes}.size > 0)
            """,
            new
            {
                url,
                interval = DatabaseTime.LengthOf(interval),
                onlyRegistered,
                longest = DatabaseTime.LengthOf(LongestWaitOfAPing),
                trace,
                now,
            }
        );

    private static string SetPinged(DbSession session) =>
        $$"""
            pings = pings + 1, pinged_at = @now, trace = coalesce(@trace, trace),
              due = case when claimed_by is not null then due
                when failures > 0 then {{session.Pick("max", "greatest")}}(coalesce(not_before, 0),
                  {{session.Pick("min", "least")}}(coalesce(due, fetched_at + @longest), fetched_at + @longest))
                when coalesce(fetched_at, 0) + @interval > @now then fetched_at + @interval else @now end
            """;
}
