using Microsoft.Extensions.Options;
using WebSub.Hub.Signals;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Reads how the hub as a whole is doing.</summary>
internal sealed class StateStore(HubDatabase database, LaneRounds rounds, IOptions<HubOptions> options)
{
    /// <summary>Topics with work that a look for lanes nobody holds goes through.</summary>
    private const int MaxTopics = 1000;

    /// <summary>One look at all of it. Costs a scan of the small tables and of two indexes.</summary>
    public Task<HubState> ReadAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            async session =>
            {
                var behind = await LagAsync(
                    session,
                    "t.head - s.position",
                    "{subscriptions} s join {topics} t on t.id = s.topic_id where s.due is not null and s.paused = 0"
                );
                var lanes = await LagAsync(
                    session,
                    "t.head - l.cursor",
                    "{lanes} l join {topics} t on t.id = l.topic_id where l.size > 0 and l.cursor < t.head"
                );
                return new HubState
                {
                    Topics = await CountAsync(session, "{topics} where filtered = 0"),
                    Subscriptions = await session.ScalarAsync<long>("select cast(coalesce(sum(size), 0) as bigint) from {lanes}"),
                    Behind = behind.Count,
                    LagSum = behind.Sum + lanes.Sum,
                    LagMax = Math.Max(behind.Max, lanes.Max),
                    RequestsWaiting = await CountAsync(session, "{requests}"),
                    DeadLetters = await CountAsync(session, "{dead_letters}"),
                    LanesWithWork = lanes.Count,
                    OldestDue = await OldestAsync(session, now),
                };
            },
            cancellationToken
        );

    /// <summary>How far past its time the oldest work is that is due and that nobody does.</summary>
    public Task<TimeSpan> OldestDueAsync(DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(session => OldestAsync(session, now), cancellationToken);

    /// <summary>The hosts with most subscriptions behind that fail.</summary>
    public Task<IReadOnlyList<FailingHost>> FailingHostsAsync(int take, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<FailingHost>(
                    """
                    select h.host, h.subscriptions, h.since, h.failed, h.lag_max,
                      (select n.last_error from {subscriptions} n where n.callback_host = h.host and n.due is not null and n.paused = 0
                        and n.last_error is not null order by n.last_attempt_at desc limit 1) as last_error
                    from (select s.callback_host as host, count(*) as subscriptions, min(s.behind_since) as since,
                        cast(sum(s.failed_attempts) as bigint) as failed, max(t.head - s.position) as lag_max
                      from {subscriptions} s join {topics} t on t.id = s.topic_id
                      where s.due is not null and s.paused = 0 and (s.attempts > 0 or s.last_error is not null)
                      group by s.callback_host order by count(*) desc, s.callback_host limit @take) h
                    order by h.subscriptions desc, h.host
                    """,
                    new { take }
                ),
            cancellationToken
        );

    /// <summary>How many topics could not be fetched when that was last tried.</summary>
    public Task<long> FailingFetchesAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.ScalarAsync<long>("select count(*) from {topics} where due is not null and failures > 0"),
            cancellationToken
        );

    private static Task<long> CountAsync(DbSession session, string table) => session.ScalarAsync<long>($"select count(*) from {table}");

    private static async Task<(long Count, long Sum, long Max)> LagAsync(DbSession session, string lag, string those) =>
        (
            await session.ReadAsync(
                $"select count(*), cast(coalesce(sum({lag}), 0) as bigint), coalesce(max({lag}), 0) from {those}",
                null,
                row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))
            )
        )[0];

    private async Task<TimeSpan> OldestAsync(DbSession session, DatabaseTime now)
    {
        var oldest = await session.ScalarAsync<DatabaseTime?>(
            $$"""
            select min(due) from (
              select min(due) as due from {requests}
              union all select min(due) from {topics} where due is not null
              union all select min(due) from {subscriptions} where due is not null
              union all select min(due) from {replays}
              union all select min(requested_at) from {actions} where done_at is null and progress = 0
              {{session.Pick(SqliteLanes, PostgreSqlLanes)}}) as work
            """,
            new
            {
                now,
                held = rounds.Last + options.Value.Delivery.ClaimFor,
                MaxTopics,
            }
        );
        return oldest is { } due && due < now ? now - due : TimeSpan.Zero;
    }

    // A lane is due since its next entry was published, or since it was let go.
    private const string PostgreSqlLanes = """
        union all select min(greatest(e.published_at, coalesce(l.claimed_until, 0)))
          from (select topic_id, head from {topic_work} limit @MaxTopics) w
          join {lanes} l on l.topic_id = w.topic_id and l.size > 0 and l.cursor < w.head
          join {entries} e on e.topic_id = l.topic_id and e.sequence = l.cursor + 1
          where l.claimed_until is null or l.claimed_until < @now
        """;

    // The one process holds all lanes, as long as it goes round them.
    private const string SqliteLanes = """
        union all select min(max(e.published_at, @held))
          from {lanes} l join {topics} t on t.id = l.topic_id and l.size > 0 and l.cursor < t.head
          join {entries} e on e.topic_id = l.topic_id and e.sequence = l.cursor + 1
          where @held < @now
        """;
}
