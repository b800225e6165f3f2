using System.Globalization;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The subscriptions that are behind their lane: claimed one by one, saved one by one, settled when they have caught up (rules 20 to 22).
/// </summary>
internal sealed class BehindStore(HubDatabase database)
{
    /// <summary>
    /// After its last attempt a subscription that is behind waits at most this long when there is a newer entry (rule 22).
    /// </summary>
    public static readonly TimeSpan LongestWaitForANewEntry = TimeSpan.FromMinutes(1);

    private const string Columns =
        "id, topic_id, lane_id, callback, secret, signature_method, content, delivery, full_until, lease_end, version, position, "
        + "attempts, answered, retry_at, not_before, last_attempt_at, epoch";

    /// <summary>Takes subscriptions that are behind and due. No other node tries them before <paramref name="until"/> (rule 20).</summary>
    public Task<IReadOnlyList<SubscriptionRow>> ClaimAsync(
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<IReadOnlyList<SubscriptionRow>>(
            async session =>
            {
                var rows = await ClaimAsync(session, node, max, now, until);
                var filtered = rows.Where(r => r.Filtered).Select(r => r.Id).ToList();
                if (filtered.Count == 0)
                    return rows;
                var patterns = await PatternStore.ReadAsync(session, filtered);
                return [.. rows.Select(r => r.Filtered ? r with { Patterns = [.. patterns[r.Id]] } : r)];
            },
            cancellationToken
        );

    private static Task<IReadOnlyList<SubscriptionRow>> ClaimAsync(
        DbSession session,
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until
    ) =>
        session.QueryAsync<SubscriptionRow>(
            $$"""
            update {subscriptions} set claimed_by = @node, epoch = epoch + 1, due = @until
            where {{session.Pick(
                "id in (select id from {subscriptions} where due <= @now and lease_end > @now order by due limit @max)",
                "id = any(array(select id from {subscriptions} where due <= @now and lease_end > @now order by due limit @max "
                + "for update skip locked))")}}
            returning {{Columns}}, (select t.head from {topics} t where t.id = topic_id) as head, (select t.url from {topics} t
              where t.id = topic_id) as topic_url,
              (select t.self_url from {topics} t where t.id = topic_id) as self_url, (select t.hubs from {topics} t
                where t.id = topic_id) as hubs,
              (select t.filtered from {topics} t where t.id = topic_id) as filtered
            """,
            new
            {
                node,
                max,
                now,
                until,
            }
        );

    /// <summary>
    /// Takes the due time from those that wait for nothing: new ones, and ones that caught up. Their lane joins them at its next run.
    /// </summary>
    public Task SettleAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => SettleAsync(session, now), cancellationToken);

    /// <summary>
    /// The same inside a caller's transaction. The heads are held until it ends: else an append and a whole run of the lane could pass
    /// between our look at the head and our commit, find a due time that is about to go, set none, and nothing would ever send what was
    /// appended.
    /// </summary>
    public static Task SettleAsync(DbSession session, DatabaseTime now)
    {
        var held = session.Pick(
            "",
            """
            with held as (
              select t.id, t.head from {topics} t
              where exists (select 1 from {subscriptions} s where s.topic_id = t.id and s.due <= @now and s.claimed_by is null
                and s.position >= t.head)
              order by t.id for share)
            """
        );
        return session.ExecuteAsync(
            $$"""
            {{held}}
            update {subscriptions} set due = null from {{session.Pick("{topics}", "held")}} t
            where t.id = topic_id and {subscriptions}.due <= @now and {subscriptions}.claimed_by is null and position >= t.head
            """,
            new { now }
        );
    }

    /// <summary>When the next subscription behind is due, or null.</summary>
    public Task<DatabaseTime?> NextAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ScalarAsync<DatabaseTime?>(
                    "select min(due) from {subscriptions} where due is not null and lease_end > @now",
                    new { now }
                ),
            cancellationToken
        );

    /// <summary>
    /// Saves how an attempt of a subscription that is behind ended, under the epoch it was claimed with. With nothing newer to send it gets
    /// no due time; whoever appends or runs the lane next sets one.
    /// </summary>
    public Task<BehindSaved> SaveAsync(BehindSave save, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => SaveAsync(session, save, now), cancellationToken);

    /// <summary>The same inside a caller's transaction; it holds the head as settling does.</summary>
    public static async Task<BehindSaved> SaveAsync(DbSession session, BehindSave save, DatabaseTime now)
    {
        if (save.Due is null && session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync(
                "select 1 from {topics} where id = (select topic_id from {subscriptions} where id = @Id) for share",
                new { save.Id }
            );
        }

        // Rule 22, for what was published while the attempt was in flight and its lane's save could not bring the row's due time nearer.
        var soon = DatabaseTime.Max(now + LongestWaitForANewEntry, save.NotBefore ?? default);
        var failures = StoredFailures.Adding(session, "@Failure");
        var saved = await session.ReadAsync(
            $$"""
            update {subscriptions} set position = @Position, attempts = @Attempts, answered = @Answered, retry_at = @Due,
              not_before = @NotBefore, claimed_by = null,
              due = case when @Due > @soon and (select t.head from {topics} t where t.id = topic_id) > @HeadAtClaim then @soon
                when @Due is not null then @Due when (select t.head from {topics} t where t.id = topic_id) > @Position then @now
                  else null end,
              last_attempt_at = coalesce(@AttemptAt, last_attempt_at), last_status = @Status, last_error = @Error,
              behind_since = coalesce(behind_since, @now),
              failed_attempts = failed_attempts + case when @Failure is null then 0 else 1 end, {{failures}}
            where id = @Id and epoch = @Epoch and (@Version is null or version = @Version)
            returning case when due is null then 1 else 0 end
            """,
            new
            {
                save.Id,
                save.Epoch,
                save.Version,
                save.Position,
                save.Attempts,
                save.Answered,
                save.NotBefore,
                save.Due,
                save.HeadAtClaim,
                soon,
                save.AttemptAt,
                save.Status,
                save.Error,
                save.Failure,
                now,
            },
            row => row.GetInt64(0) != 0
        );
        if (saved is not [var hasCaughtUp])
        {
            await AgainAsync(session, save.Id, save.Epoch, now);
            return default;
        }

        if (save.DeadLetter is { } letter)
            await LaneMemberSaves.BuryAsync(session, [letter], now);
        return new(Counts: true, hasCaughtUp);
    }

    /// <summary>
    /// Gives claims back whose attempts were not made, and says when they are due again; all else stays, also what the schedule says.
    /// </summary>
    public Task PutOffAsync(IReadOnlyList<PutOff> putOff, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    $$"""
                    update {subscriptions} set claimed_by = null, due = v.due
                    from {{session.Pick(
                        "(select value ->> 0 as id, value ->> 1 as epoch, value ->> 2 as due from json_each(@rows))",
                        "unnest(@ids, @epochs, @dues)"
                    )}} as v {{session.Pick("", "(id, epoch, due)")}}
                    where {subscriptions}.id = v.id and {subscriptions}.epoch = v.epoch
                    """,
                    session.Dialect == SqlDialect.Sqlite
                        ? new { rows = $"[{string.Join(',', putOff.Select(AsJson))}]" }
                        : new
                        {
                            ids = putOff.Select(p => p.Id.Value).ToArray(),
                            epochs = putOff.Select(p => p.Epoch).ToArray(),
                            dues = putOff.Select(p => p.Due.Microseconds).ToArray(),
                        }
                ),
            cancellationToken
        );

    /// <summary>Ends a subscription whose callback answered 410. False if that was about what it is no longer.</summary>
    public Task<bool> EndGoneAsync(SubscriptionId id, long epoch, long version, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                if (
                    await SubscriptionStore.EndAsync(
                        session,
                        "id = @id and epoch = @epoch and version = @version",
                        new
                        {
                            id,
                            epoch,
                            version,
                        },
                        new(Ending.Gone, null, now)
                    )
                    is [_, ..]
                )
                    return true;
                await AgainAsync(session, id, epoch, now);
                return false;
            },
            cancellationToken
        );

    /// <summary>Frees what a process that is gone had claimed. Only for a database that no other process uses.</summary>
    public Task FreeClaimsAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync("update {subscriptions} set claimed_by = null, due = @now where claimed_by is not null", new { now }),
            cancellationToken
        );

    /// <summary>Has the same entry sent again, to what the subscription is now, if the claim still stands.</summary>
    private static Task AgainAsync(DbSession session, SubscriptionId id, long epoch, DatabaseTime now) =>
        session.ExecuteAsync(
            "update {subscriptions} set claimed_by = null, due = @now where id = @id and epoch = @epoch",
            new
            {
                id,
                epoch,
                now,
            }
        );

    private static string AsJson(PutOff one) =>
        string.Create(CultureInfo.InvariantCulture, $"[{one.Id.Value},{one.Epoch},{one.Due.Microseconds}]");
}
