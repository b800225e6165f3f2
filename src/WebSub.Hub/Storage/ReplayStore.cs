using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Replays and redeliveries: each a row of its own with a claim of its own, beside what its subscription gets anyway, whose position it
/// leaves alone.
/// </summary>
internal sealed class ReplayStore(HubDatabase database)
{
    /// <summary>When the next one is due.</summary>
    public Task<DatabaseTime?> NextAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(session => session.ScalarAsync<DatabaseTime?>("select min(due) from {replays}"), cancellationToken);

    /// <summary>Takes those that are due, with their subscriptions.</summary>
    public Task<IReadOnlyList<ReplayRow>> ClaimAsync(
        string node,
        int max,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<IReadOnlyList<ReplayRow>>(
            async session =>
            {
                var rows = await session.QueryAsync<ReplayRow>(
                    $$"""
                    update {replays} set claimed_by = @node, epoch = epoch + 1, due = @until
                    where {{session.Pick(
                        "id in (select id from {replays} where due <= @now order by due limit @max)",
                        "id = any(array(select id from {replays} where due <= @now order by due limit @max for update skip locked))"
                    )}}
                    returning id, action_id, topic_id, callback, dead_letter_id, next, last, attempts, epoch
                    """,
                    new
                    {
                        node,
                        max,
                        now,
                        until,
                    }
                );
                var claimed = new List<ReplayRow>();
                foreach (var row in rows.OrderBy(r => r.Id))
                    claimed.Add(await WithSubscriptionAsync(session, row));
                return claimed;
            },
            cancellationToken
        );

    /// <summary>The next entry is not there any more, or is none of its business: on to the one after it, or the end.</summary>
    public Task SkipAsync(ReplayRow row, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => AdvanceAsync(session, row, now), cancellationToken);

    /// <summary>The next entry has been delivered: on to the one after it, or the end.</summary>
    public Task AdvanceAsync(ReplayRow row, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            async session =>
            {
                var isDone = await AdvanceAsync(session, row, now);
                if (isDone && row is { DeadLetterId: null, Subscription: { } subscription })
                    await PastLetterStore.AddReplayedAsync(session, subscription, row.Next, now);
                return isDone;
            },
            cancellationToken
        );

    /// <summary>It is tried again.</summary>
    public Task PutOffAsync(ReplayRow row, long attempts, DatabaseTime due, FailedAttempt? failure, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    """
                    update {replays} set claimed_by = null, attempts = @attempts, due = @due, last_status = coalesce(@Status, last_status),
                      last_error = coalesce(@Error, last_error)
                    where id = @Id and epoch = @Epoch
                    """,
                    new
                    {
                        row.Id,
                        row.Epoch,
                        attempts,
                        due,
                        failure?.Status,
                        failure?.Error,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// The next entry is given up: a dead letter stays, with what was answered now; of a replay there is one from now on, which is
    /// returned.
    /// </summary>
    public Task<DeadLetter?> GiveUpAsync(
        ReplayRow row,
        long attempts,
        FailedAttempt failure,
        DatabaseTime now,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<DeadLetter?>(
            async session =>
            {
                if (row.DeadLetterId is { } letter)
                {
                    if (await EndAsync(session, row))
                    {
                        await PastLetterStore.BeginsLaterAsync(session, letter, row.Next, now);
                        await session.ExecuteAsync(
                            """
                            update {dead_letters} set attempts = attempts + @attempts, last_status = @Status, last_error = @Error,
                              first_sequence = @Next
                            where id = @letter
                            """,
                            new
                            {
                                letter,
                                attempts,
                                failure.Status,
                                failure.Error,
                                row.Next,
                            }
                        );
                    }
                }
                else if (await AdvanceAsync(session, row, now) && row.Subscription is { } subscription)
                {
                    var letterOfReplay = DeadLetter.Of(subscription, row.Next, attempts, failure);
                    await LaneMemberSaves.BuryAsync(session, [letterOfReplay], now, replayed: true);
                    return letterOfReplay;
                }

                return null;
            },
            cancellationToken
        );

    /// <summary>Its subscription has ended: nobody wants it.</summary>
    public Task DropAsync(ReplayRow row, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => EndAsync(session, row), cancellationToken);

    /// <summary>Frees what a process that is gone had claimed. Only for a database that no other process uses.</summary>
    public Task FreeClaimsAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session => session.ExecuteAsync("update {replays} set claimed_by = null, due = @now where claimed_by is not null", new { now }),
            cancellationToken
        );

    private static async Task<bool> AdvanceAsync(DbSession session, ReplayRow row, DatabaseTime now)
    {
        if (row.Next < row.Last)
        {
            return await session.ExecuteAsync(
                    """
                    update {replays} set next = next + 1, attempts = 0, due = @now, claimed_by = null, last_status = null, last_error = null
                    where id = @Id and epoch = @Epoch
                    """,
                    new
                    {
                        row.Id,
                        row.Epoch,
                        now,
                    }
                ) > 0;
        }

        if (!await EndAsync(session, row))
            return false;
        if (row.DeadLetterId is { } letter)
        {
            await PastLetterStore.RemoveAsync(
                session,
                "id = @letter",
                new
                {
                    letter,
                    Fate = PastLetter.Redelivered,
                    At = now,
                }
            );
        }

        return true;
    }

    private static async Task<bool> EndAsync(DbSession session, ReplayRow row) =>
        await session.ExecuteAsync("delete from {replays} where id = @Id and epoch = @Epoch", new { row.Id, row.Epoch }) > 0;

    private static async Task<ReplayRow> WithSubscriptionAsync(DbSession session, ReplayRow row)
    {
        var subscription = await session.FirstOrDefaultAsync<SubscriptionRow>(
            """
            select s.id, s.topic_id, s.lane_id, s.callback, s.secret, s.signature_method, s.lease_end, s.version, s.epoch,
              t.url as topic_url, t.self_url, t.hubs, t.head, t.filtered
            from {subscriptions} s join {topics} t on t.id = s.topic_id where s.topic_id = @TopicId and s.callback = @Callback
            """,
            new { row.TopicId, row.Callback }
        );
        if (subscription is null)
            return row;
        if (subscription.Filtered)
        {
            var patterns = await PatternStore.ReadAsync(session, [subscription.Id]);
            subscription = subscription with { Patterns = [.. patterns[subscription.Id]] };
        }

        // What it had before this entry is not known: it goes out in full.
        return row with
        {
            Subscription = subscription with { FullUntil = long.MaxValue },
            IsPaused = await session.ScalarAsync<long>("select paused from {subscriptions} where id = @Id", new { subscription.Id }) != 0,
        };
    }
}
