using System.Globalization;
using System.Text;
using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The lanes: taken, read with their members and entries, and saved, many at a time in one statement set (rule 28).</summary>
internal sealed class LaneStore(HubDatabase database)
{
    private const string Join =
        """
            update {subscriptions} set position = null, attempts = 0, last_status = null, last_error = null, behind_since = null,
              failed_attempts = 0 from {lanes} l
            where l.id = lane_id and position = l.cursor and due is null and
            """ + " ";

    private const string HasBehind = "exists (select 1 from {subscriptions} s where s.lane_id = {lanes}.id and s.position is not null)";

    /// <summary>Entries up to this size are read together with their lanes; larger ones one by one when they are sent.</summary>
    /// <summary>The lanes of these topics that have work, and the topics' heads.</summary>
    public Task<IReadOnlyList<(LaneId LaneId, long Head)>> FindWorkAsync(
        IReadOnlyCollection<TopicId> topics,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    "select l.id, t.head from {lanes} l join {topics} t on t.id = l.topic_id where l.cursor < t.head and l.size > 0 and "
                        + session.AnyOf("t.id", "topics"),
                    new { topics = session.Ids(topics) },
                    row => (new LaneId(row.GetInt64(0)), row.GetInt64(1))
                ),
            cancellationToken
        );

    /// <summary>All topics that have work, as the one process of a SQLite database finds them at its start.</summary>
    public Task<IReadOnlyList<TopicId>> FindTopicsWithWorkAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<TopicId>(
                    "select distinct t.id from {lanes} l join {topics} t on t.id = l.topic_id where l.cursor < t.head and l.size > 0"
                ),
            cancellationToken
        );

    /// <summary>
    /// Reads lanes without claiming them: those that are held already, and on SQLite, where one process has them all (rule 27), any.
    /// </summary>
    public Task<IReadOnlyList<LaneRow>> ReadAsync(IReadOnlyCollection<LaneId> lanes, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    """
                    select l.id, l.topic_id, t.url, t.self_url, t.hubs, l.cursor, t.head, l.members_version, l.size, l.epoch, t.filtered,
                      t.patterns
                    from {lanes} l join {topics} t on t.id = l.topic_id where
                    """
                        + " "
                        + session.AnyOf("l.id", "lanes"),
                    new { lanes = session.Ids(lanes) },
                    row => new LaneRow
                    {
                        Id = new(row.GetInt64(0)),
                        TopicId = new(row.GetInt64(1)),
                        TopicUrl = row.GetString(2),
                        SelfUrl = row.IsDBNull(3) ? null : row.GetString(3),
                        Hubs = row.IsDBNull(4) ? null : row.GetString(4),
                        Cursor = row.GetInt64(5),
                        Head = row.GetInt64(6),
                        MembersVersion = row.GetInt64(7),
                        Size = row.GetInt64(8),
                        Epoch = row.GetInt64(9),
                        Filtered = row.GetInt64(10) != 0,
                        Patterns = row.GetInt64(11),
                    }
                ),
            cancellationToken
        );

    /// <summary>What may have changed of lanes that were read before, without a look at their topics.</summary>
    /// <param name="work">The lanes, as they were, with the heads that are known of.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<LaneRow>> ReadAgainAsync(IReadOnlyDictionary<LaneId, LaneRow> work, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    "select l.id, l.cursor, l.members_version, l.size, l.epoch from {lanes} l where " + session.AnyOf("l.id", "lanes"),
                    new { lanes = session.Ids(work.Keys) },
                    row =>
                        work[new(row.GetInt64(0))] with
                        {
                            Cursor = row.GetInt64(1),
                            MembersVersion = row.GetInt64(2),
                            Size = row.GetInt64(3),
                            Epoch = row.GetInt64(4),
                        }
                ),
            cancellationToken
        );

    /// <summary>Claims lanes with work for a node, each under a new epoch (rules 6, 26): for PostgreSQL.</summary>
    public Task<IReadOnlyList<LaneRow>> ClaimAsync(
        string node,
        IReadOnlyCollection<LaneId> running,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
                session.QueryAsync<LaneRow>(
                    """
                    update {lanes} l set claimed_by = @node, claimed_until = @until, epoch = l.epoch + 1
                    from {topics} t
                    where t.id = l.topic_id and l.id = any(array(
                      select c.id from {topic_work} w join {topics} ct on ct.id = w.topic_id join {lanes} c on c.topic_id = w.topic_id
                      where c.cursor < ct.head and c.size > 0 and (c.claimed_until is null or c.claimed_until < @now
                        or c.claimed_by = @node) and c.id <> all(@running)
                      limit @max for update of c skip locked))
                    returning l.id, l.topic_id, t.url as topic_url, t.self_url, t.hubs, l.cursor, t.head, l.members_version, l.size,
                      l.epoch, t.filtered, t.patterns
                    """,
                    new
                    {
                        node,
                        running = session.Ids(running),
                        max,
                        now,
                        until,
                    }
                ),
            cancellationToken
        );

    /// <summary>Renews the claims of a node's runs, whether or not they have something to save. Returns the lanes it still holds.</summary>
    public Task<IReadOnlyList<LaneId>> RenewAsync(
        string node,
        IReadOnlyCollection<LaneId> running,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
                session.QueryAsync<LaneId>(
                    "update {lanes} set claimed_until = @until where id = any(@running) and claimed_by = @node returning id",
                    new
                    {
                        node,
                        running = session.Ids(running),
                        until,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// The joined subscriptions of these lanes, and those that can join: at the cursor, with no attempt due (rule 7).
    /// </summary>
    /// <param name="lanes">The lanes.</param>
    /// <param name="filtered">Those of them that belong to topics of predicates: their members come with their patterns.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<IReadOnlyList<SubscriptionRow>> ReadMembersAsync(
        IReadOnlyCollection<LaneId> lanes,
        IReadOnlySet<LaneId> filtered,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync<IReadOnlyList<SubscriptionRow>>(
            async session =>
            {
                var rows = await ReadMembersAsync(session, lanes);
                if (filtered.Count == 0)
                    return rows;
                var patterns = await PatternStore.ReadAsync(session, rows.Where(r => filtered.Contains(r.LaneId)).Select(r => r.Id));
                return [.. rows.Select(r => filtered.Contains(r.LaneId) ? r with { Patterns = [.. patterns[r.Id]] } : r)];
            },
            cancellationToken
        );

    private static Task<IReadOnlyList<SubscriptionRow>> ReadMembersAsync(DbSession session, IReadOnlyCollection<LaneId> lanes) =>
        session.ReadAsync(
            $$"""
            select s.id, s.topic_id, s.lane_id, s.callback, s.secret, s.signature_method, s.content, s.delivery,
              s.full_until, s.lease_end, s.version, s.position, s.epoch
            from {subscriptions} s
            where {{session.AnyOf(
                "s.lane_id",
                "lanes"
            )}} and (s.position is null or (s.due is null and s.position = (select l.cursor from {lanes} l where l.id = s.lane_id)))
            """,
            new { lanes = session.Ids(lanes) },
            row => new SubscriptionRow
            {
                Id = new(row.GetInt64(0)),
                TopicId = new(row.GetInt64(1)),
                LaneId = new(row.GetInt64(2)),
                Callback = row.GetString(3),
                Secret = row.IsDBNull(4) ? null : new SealedSecret(row.GetFieldValue<byte[]>(4)),
                SignatureMethod = row.IsDBNull(5) ? null : row.GetString(5),
                Content = row.IsDBNull(6) ? null : row.GetString(6),
                Delivery = row.IsDBNull(7) ? null : row.GetString(7),
                FullUntil = row.GetInt64(8),
                LeaseEnd = new(row.GetInt64(9)),
                Version = row.GetInt64(10),
                Position = row.IsDBNull(11) ? null : row.GetInt64(11),
                Epoch = row.GetInt64(12),
            }
        );

    /// <summary>
    /// Joins, at the start of a run, those of the subscriptions it has read whose position is their lane's cursor (rule 7). Returns who
    /// did. Only those: one that settled since the reading would count as served by a run that does not know it.
    /// </summary>
    public Task<IReadOnlyList<SubscriptionId>> JoinAsync(
        IReadOnlyCollection<SubscriptionId> subscriptions,
        string node,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            session =>
                session.QueryAsync<SubscriptionId>(
                    Join
                        + session.AnyOf("{subscriptions}.id", "subscriptions")
                        + session.Pick("", " and l.claimed_by = @node")
                        + " returning {subscriptions}.id",
                    new { subscriptions = session.Ids(subscriptions), node }
                ),
            cancellationToken
        );

    /// <summary>The small entries right after these lanes' cursors.</summary>
    public Task<IReadOnlyList<LogEntry>> ReadEntriesAsync(
        IReadOnlyCollection<LaneId> lanes,
        int ahead,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<LogEntry>(
                    $$"""
                    select e.topic_id, e.sequence, e.predicate, e.reference, e.patterns, c.content_type, c.body, d.body as diff
                    from (select distinct n.topic_id, n.sequence, n.predicate, n.reference, n.patterns, n.content_id, n.diff_id
                      from {lanes} l
                      join {entries} n on n.topic_id = l.topic_id and n.sequence > l.cursor and n.sequence <= l.cursor + @ahead
                        where {{session.AnyOf(
                        "l.id",
                        "lanes"
                    )}}) e
                    join {contents} c on c.id = e.content_id left join {contents} d on d.id = e.diff_id
                    where c.size + coalesce(d.size, 0) <= @MaxCarried
                    """,
                    new
                    {
                        lanes = session.Ids(lanes),
                        ahead,
                        LogEntry.MaxCarried,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// Saves runs in one transaction, each only if its epoch still stands (rule 6) and, on PostgreSQL, its claim has not been freed. The
    /// same transaction joins subscriptions whose position is the new cursor and makes those below it due that have no due time (rule 7).
    /// </summary>
    public Task<IReadOnlyDictionary<LaneId, LaneSaved>> SaveAsync(
        IReadOnlyList<LaneSave> saves,
        string node,
        DatabaseTime now,
        DatabaseTime claimedUntil,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<IReadOnlyDictionary<LaneId, LaneSaved>>(
            async session =>
            {
                var cursors = (await SaveCursorsAsync(session, saves, node, now, claimedUntil)).ToDictionary(c => c.LaneId);
                await LaneMemberSaves.SaveAsync(session, [.. saves.Where(s => s.HasChanges && cursors.ContainsKey(s.LaneId))], node, now);

                var behind = saves
                    .Where(s => cursors.TryGetValue(s.LaneId, out var c) && (c.HasBehind || s.Departures.Count > 0))
                    .Select(s => s.LaneId)
                    .ToList();
                var joined = behind.Count == 0 ? [] : await SaveBehindAsync(session, behind, now);
                return saves.ToDictionary(
                    s => s.LaneId,
                    s =>
                        cursors.TryGetValue(s.LaneId, out var c)
                            ? new LaneSaved(false, c.MembersVersion, joined.Contains(s.LaneId), behind.Contains(s.LaneId))
                            : LaneSaved.FencedOff
                );
            },
            cancellationToken
        );

    /// <summary>Topics on the work list that no lane with members has work of. PostgreSQL only.</summary>
    public Task<IReadOnlyList<TopicId>> FindTopicsWithoutLanesAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<TopicId>(
                    "select w.topic_id from {topic_work} w where not exists (select 1 from {lanes} l where l.topic_id = w.topic_id "
                        + "and l.cursor < w.head and l.size > 0)"
                ),
            cancellationToken
        );

    /// <summary>
    /// Takes topics off the work list whose lanes have all had everything; a newer append keeps its row (rule 18). PostgreSQL only.
    /// </summary>
    public Task ClearWorkAsync(IReadOnlyCollection<TopicId> topics, CancellationToken cancellationToken) =>
        database.Db.Dialect == SqlDialect.Sqlite
            ? Task.CompletedTask
            : database.Db.WriteAsync(
                session =>
                    session.ExecuteAsync(
                        """
                        delete from {topic_work} w using {topics} t
                        where t.id = w.topic_id and w.topic_id = any(@topics) and w.head = t.head
                          and not exists (select 1 from {lanes} l where l.topic_id = t.id and l.cursor < t.head and l.size > 0)
                        """,
                        new { topics = session.Ids(topics) }
                    ),
                cancellationToken
            );

    // Whoever else writes several lanes at a time (the end of subscriptions) may meet us the other way round: one of both is then run
    // again.
    private static Task<IReadOnlyList<SavedCursor>> SaveCursorsAsync(
        DbSession session,
        IReadOnlyList<LaneSave> saves,
        string node,
        DatabaseTime now,
        DatabaseTime claimedUntil
    ) =>
        session.Dialect == SqlDialect.Sqlite
            ? session.ReadAsync(
                $$"""
                update {lanes} set cursor = v.cursor, saved_at = @now
                from (select value ->> 0 as id, value ->> 1 as epoch, value ->> 2 as cursor from json_each(@saves)) v
                where {lanes}.id = v.id and {lanes}.epoch = v.epoch
                returning id, members_version, {{HasBehind}}
                """,
                new { saves = Json(saves), now },
                row => new SavedCursor(new(row.GetInt64(0)), row.GetInt64(1), row.GetInt64(2) != 0)
            )
            : session.ReadAsync(
                $$"""
                update {lanes} set cursor = v.cursor, saved_at = @now, claimed_by = case when v.release then null else claimed_by end,
                  claimed_until = case when v.release then null else @claimedUntil end
                from unnest(@ids, @epochs, @cursors, @releases) as v (id, epoch, cursor, release)
                where {lanes}.id = v.id and {lanes}.epoch = v.epoch and claimed_by = @node
                returning {lanes}.id, members_version, {{HasBehind}}
                """,
                new
                {
                    ids = saves.Select(s => s.LaneId.Value).ToArray(),
                    epochs = saves.Select(s => s.Epoch).ToArray(),
                    cursors = saves.Select(s => s.Cursor).ToArray(),
                    releases = saves.Select(s => s.Release).ToArray(),
                    node,
                    now,
                    claimedUntil,
                },
                row => new SavedCursor(new(row.GetInt64(0)), row.GetInt64(1), row.GetBoolean(2))
            );

    private static string Json(IReadOnlyList<LaneSave> saves)
    {
        var json = new StringBuilder("[", capacity: 32 * saves.Count);
        foreach (var save in saves)
            json.Append(CultureInfo.InvariantCulture, $"{(json.Length > 1 ? "," : "")}[{save.LaneId.Value},{save.Epoch},{save.Cursor}]");
        return json.Append(']').ToString();
    }

    /// <summary>
    /// Joins the subscriptions that stand at a saved cursor and makes those below it due that have no due time (rule 7). Returns the lanes
    /// that any joined.
    /// </summary>
    private static async Task<IReadOnlyList<LaneId>> SaveBehindAsync(DbSession session, IReadOnlyCollection<LaneId> lanes, DatabaseTime now)
    {
        var saved = new
        {
            lanes = session.Ids(lanes),
            now,
            wait = DatabaseTime.LengthOf(BehindStore.LongestWaitForANewEntry),
        };
        var joined = await session.QueryAsync<LaneId>(Join + session.AnyOf("l.id", "lanes") + " returning lane_id", saved);
        // Rule 22: a newer entry brings those behind to a try within a minute of their last one, unless they asked for a pause.
        await session.ExecuteAsync(
            """
            update {subscriptions} set due = case when last_attempt_at + @wait > coalesce(not_before, 0) then last_attempt_at + @wait
              else not_before end
            from {lanes} l
            where l.id = lane_id and position < l.cursor and {subscriptions}.claimed_by is null
              and due > last_attempt_at + @wait and due > coalesce(not_before, 0) and
            """
                + " "
                + session.AnyOf("l.id", "lanes"),
            saved
        );
        await session.ExecuteAsync(
            "update {subscriptions} set due = @now, behind_since = @now, failed_attempts = 0 from {lanes} l "
                + "where l.id = lane_id and position < l.cursor and due is null and "
                + session.AnyOf("l.id", "lanes"),
            saved
        );
        return joined;
    }
}
