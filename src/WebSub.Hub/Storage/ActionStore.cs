using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// What operators have asked for. A row is a wish until it has been carried out, step by step, each in one transaction with the note of how
/// far it got; so it may stop anywhere and goes on there, on any node. Afterwards it is a line of the audit log.
/// </summary>
internal sealed class ActionStore(HubDatabase database)
{
    /// <summary>How many rows a step concerns at most.</summary>
    private const int Batch = 500;

    private const string Columns =
        "id, kind, target, topic_id, callback, first, last, origin, created_from, created_to, reason, requested_by, requested_at, "
        + "progress, bound";

    /// <summary>The lock of PostgreSQL that makes wishes visible in the order of their numbers, and so has them carried out.</summary>
    private const long Lock = 7310577313;

    private const string Gone = "It had ended before.";

    /// <summary>Stores a wish. Null if what it is about is not there.</summary>
    public Task<long?> AddAsync(ActionRow row, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => AddAsync(session, row), cancellationToken);

    /// <summary>The same inside a caller's transaction.</summary>
    public static async Task<long?> AddAsync(DbSession session, ActionRow row)
    {
        await session.LockAsync(Lock);
        if (Subject(row) is { } subject && await session.ScalarAsync<long?>(subject, row) is null)
            return null;
        return await session.ScalarAsync<long>(
            """
            insert into {actions} (kind, target, topic_id, callback, first, last, origin, created_from, created_to, reason,
              requested_by, requested_at, bound)
            values (@Kind, @Target, @TopicId, @Callback, @First, @Last, @Origin, @CreatedFrom, @CreatedTo, @Reason, @RequestedBy,
              @RequestedAt, (select coalesce(max(id), 0) from {dead_letters}))
            returning id
            """,
            row
        );
    }

    /// <summary>Writes down what has been done at once, with the commit that does it. Returns its id.</summary>
    public static Task<long> LogAsync(DbSession session, ActionRow row) =>
        session.ScalarAsync<long>(
            """
            insert into {actions} (kind, target, reason, requested_by, requested_at, affected, done_at)
            values (@Kind, @Target, @Reason, @RequestedBy, @RequestedAt, 1, @RequestedAt)
            returning id
            """,
            row
        );

    /// <summary>The oldest wish that has not been carried out.</summary>
    public Task<ActionRow?> NextAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.FirstOrDefaultAsync<ActionRow>($"select {Columns} from {{actions}} where done_at is null order by id limit 1"),
            cancellationToken
        );

    /// <summary>Does the next step of a wish. Null if another node is at it, or has done it.</summary>
    public Task<ActionStep?> CarryOutAsync(long id, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync<ActionStep?>(
            async session =>
            {
                var row = await session.FirstOrDefaultAsync<ActionRow>(
                    $"select {Columns} from {{actions}} where id = @id and done_at is null" + session.Pick("", " for update skip locked"),
                    new { id }
                );
                if (row is null)
                    return null;
                var step = await StepAsync(session, row, now);
                await session.ExecuteAsync(
                    """
                    update {actions} set progress = coalesce(@Progress, progress), affected = affected + @Affected,
                      done_at = @doneAt, result = @Result
                    where id = @id
                    """,
                    new
                    {
                        id,
                        Progress = step.Progress ?? row.Progress,
                        step.Affected,
                        step.Result,
                        doneAt = step.Progress is null ? now : (DatabaseTime?)null,
                    }
                );
                return step;
            },
            cancellationToken
        );

    /// <summary>
    /// Deletes the oldest actions that were carried out before a moment and have no redelivery under way; returns how many. The newest
    /// stays, so that no number is given again.
    /// </summary>
    public Task<int> PruneAsync(DatabaseTime before, int most, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(
            session =>
                session.ExecuteAsync(
                    """
                    delete from {actions} where id in (
                      select a.id from {actions} a
                      where a.done_at < @before and a.id < (select max(id) from {actions})
                        and not exists (select 1 from {replays} r where r.action_id = a.id)
                      order by a.done_at limit @most)
                    """,
                    new { before, most }
                ),
            cancellationToken
        );

    /// <summary>What finds what a wish is about; null if that need not be there.</summary>
    private static string? Subject(ActionRow row) =>
        row.ParsedKind switch
        {
            HubActionKind.PauseTopic or HubActionKind.ResumeTopic => "select 1 from {topics} where id = @TopicId and filtered = 0",
            HubActionKind.PauseOrigin or HubActionKind.ResumeOrigin or HubActionKind.RedeliverAll => null,
            HubActionKind.DeleteDeadLetter or HubActionKind.Redeliver => "select 1 from {dead_letters} where id = @First",
            HubActionKind.Replay => "select 1 from {subscriptions} where topic_id = @TopicId and callback = @Callback",
            _ => "select 1 from {subscriptions} where id = @First and created_at = @Last",
        };

    private static Task<ActionStep> StepAsync(DbSession session, ActionRow row, DatabaseTime now) =>
        row.ParsedKind switch
        {
            HubActionKind.PauseTopic => PauseAsync(session, row, PauseStore.OfTopic, now),
            HubActionKind.PauseOrigin => PauseAsync(session, row, PauseStore.OfOrigin, now),
            HubActionKind.PauseSubscription => PauseAsync(session, row, PauseStore.Own, now),
            HubActionKind.ResumeTopic => ResumeAsync(session, row, PauseStore.OfTopic, now),
            HubActionKind.ResumeOrigin => ResumeAsync(session, row, PauseStore.OfOrigin, now),
            HubActionKind.ResumeSubscription => ResumeAsync(session, row, PauseStore.Own, now),
            HubActionKind.RevokeSubscription => EndAsync(session, row, tells: true, now),
            HubActionKind.DeleteSubscription => EndAsync(session, row, tells: false, now),
            HubActionKind.DeleteDeadLetter => ForgetAsync(session, row, now),
            HubActionKind.Redeliver or HubActionKind.RedeliverAll => RedeliverAsync(session, row, now),
            _ => ReplayAsync(session, row, now),
        };

    private static async Task<ActionStep> PauseAsync(DbSession session, ActionRow row, long flag, DatabaseTime now)
    {
        await PauseStore.ChangeAsync(session);
        if (flag != PauseStore.Own && row.Progress == 0)
            await PauseStore.AddAsync(session, flag, KeyOf(row), row.RequestedBy, now);
        var (members, ids) = await ReadAsync(session, row, flag, "paused & @flag = 0");
        if (ids.Count > 0)
            await PauseStore.PauseAsync(session, members, ids, flag);
        return After(flag, members, ids);
    }

    private static async Task<ActionStep> ResumeAsync(DbSession session, ActionRow row, long flag, DatabaseTime now)
    {
        await PauseStore.ChangeAsync(session);
        if (flag != PauseStore.Own && row.Progress == 0)
            await PauseStore.RemoveAsync(session, flag, KeyOf(row));
        var (members, ids) = await ReadAsync(session, row, flag, "paused & @flag <> 0");
        if (ids.Count > 0)
            await PauseStore.ResumeAsync(session, ids, flag, now);
        return After(flag, members, ids);
    }

    private static string KeyOf(ActionRow row) => row.Origin ?? PauseStore.KeyOf(row.TopicId!.Value);

    /// <summary>The next subscriptions that a pause is about, and their ids.</summary>
    private static async Task<(IReadOnlyList<EndedSubscription> Members, IReadOnlyList<long> Ids)> ReadAsync(
        DbSession session,
        ActionRow row,
        long flag,
        string condition
    )
    {
        var origin = row.Origin is null ? null : CallbackOrigin.Parse(row.Origin);
        var which = flag switch
        {
            PauseStore.OfTopic => "topic_id = @TopicId and id > @Progress",
            PauseStore.OfOrigin => "callback_host = @Host and id > @Progress and " + CallbackOrigin.Covers("callback"),
            _ => "id = @First and created_at = @Last",
        };
        var rows = await session.ReadAsync(
            $"select id, lane_id, topic_id, callback from {{subscriptions}} where {which} and {condition} order by id limit @Batch",
            new
            {
                row.TopicId,
                row.Progress,
                row.First,
                row.Last,
                origin?.Host,
                origin = origin?.Name,
                originWithPort = origin?.WithPort,
                flag,
                Batch,
            },
            r =>
                (
                    Id: r.GetInt64(0),
                    Row: new EndedSubscription
                    {
                        LaneId = new(r.GetInt64(1)),
                        TopicId = new(r.GetInt64(2)),
                        Callback = r.GetString(3),
                    }
                )
        );
        return ([.. rows.Select(r => r.Row)], [.. rows.Select(r => r.Id)]);
    }

    private static ActionStep After(long flag, IReadOnlyList<EndedSubscription> members, IReadOnlyList<long> ids) =>
        new()
        {
            Topics = [.. members.Select(m => m.TopicId).Distinct()],
            Affected = ids.Count,
            Progress = flag != PauseStore.Own && ids.Count == Batch ? ids[^1] : null,
            Result = flag == PauseStore.Own && ids.Count == 0 ? "There was nothing to change." : null,
        };

    private static async Task<ActionStep> EndAsync(DbSession session, ActionRow row, bool tells, DatabaseTime now)
    {
        var ending = new Ending(tells ? Ending.Revoked : Ending.Deleted, row.Reason, now);
        if (
            await SubscriptionStore.EndAsync(session, "id = @First and created_at = @Last", new { row.First, row.Last }, ending)
            is not [var ended]
        )
            return new() { Result = Gone };
        var topic = await session.ScalarAsync<string>("select url from {topics} where id = @TopicId and filtered = 0", ended);
        // Members of topics of predicates have no topic that they know by name.
        if (tells && topic is not null)
        {
            await RequestStore.AddAsync(
                session,
                new()
                {
                    Mode = HubModes.Subscribe,
                    Topic = topic,
                    Callback = ended.Callback,
                    Verdict = IntentVerdict.Denied,
                    Reason = row.Reason,
                },
                now
            );
        }

        return new()
        {
            Topics = [ended.TopicId],
            Ended = (topic ?? "", ended.Callback),
            Affected = 1,
        };
    }

    private static async Task<ActionStep> ForgetAsync(DbSession session, ActionRow row, DatabaseTime now)
    {
        await session.ExecuteAsync("delete from {replays} where dead_letter_id = @First", row);
        var gone = await PastLetterStore.RemoveAsync(
            session,
            "id = @First",
            new
            {
                row.First,
                Fate = PastLetter.Deleted,
                At = now,
            }
        );
        return new() { Affected = gone, Result = gone == 0 ? Gone : null };
    }

    private static async Task<ActionStep> RedeliverAsync(DbSession session, ActionRow row, DatabaseTime now)
    {
        var origin = row.Origin is null ? null : CallbackOrigin.Parse(row.Origin);
        var which = row.ParsedKind == HubActionKind.Redeliver ? "d.id = @First" : DeadLetterFilters.Where(row);
        var letters = await session.QueryAsync<long>(
            $"select d.id from {{dead_letters}} d where d.id > @Progress and d.id <= @Bound and {which} order by d.id limit @Batch",
            new
            {
                row.First,
                row.Progress,
                row.Bound,
                row.TopicId,
                row.Callback,
                origin = origin?.Name,
                row.CreatedFrom,
                row.CreatedTo,
                Batch,
            }
        );
        var queued = await session.ExecuteAsync(
            $$"""
            insert into {replays} (action_id, topic_id, callback, dead_letter_id, next, last, due)
            select @Id, d.topic_id, d.callback, d.id, d.first_sequence, d.last_sequence, @now from {dead_letters} d
            where {{session.AnyOf("d.id", "letters")}}
              and exists (select 1 from {subscriptions} s where s.topic_id = d.topic_id and s.callback = d.callback)
            on conflict (dead_letter_id) do nothing
            """,
            new
            {
                row.Id,
                now,
                letters = session.Ids(letters),
            }
        );
        return new()
        {
            Affected = queued,
            Progress = letters.Count == Batch ? letters[^1] : null,
            Result = row.ParsedKind == HubActionKind.Redeliver && queued == 0 ? "Its subscription has ended, or it is being sent." : null,
        };
    }

    private static async Task<ActionStep> ReplayAsync(DbSession session, ActionRow row, DatabaseTime now)
    {
        var queued = await session.ExecuteAsync(
            """
            insert into {replays} (action_id, topic_id, callback, next, last, due)
            select @Id, s.topic_id, s.callback, @First, least_of.last, @now
            from {subscriptions} s join (select t.id, case when t.head < @Last then t.head else @Last end as last from {topics} t) least_of
              on least_of.id = s.topic_id
            where s.topic_id = @TopicId and s.callback = @Callback and least_of.last >= @First
            """,
            new
            {
                row.Id,
                row.First,
                row.Last,
                row.TopicId,
                row.Callback,
                now,
            }
        );
        return new() { Affected = queued, Result = queued == 0 ? "The subscription has ended, or there are no such entries." : null };
    }
}
