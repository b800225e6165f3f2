using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// What the saves of runs say of single subscriptions: who stepped out, what was given up, who is gone. One statement each for all of them,
/// however many: an origin that goes down may take many thousands along (rule 28).
/// </summary>
internal static class LaneMemberSaves
{
    /// <summary>Saves it, inside the transaction that has matched the runs' epochs.</summary>
    public static async Task SaveAsync(DbSession session, IReadOnlyList<LaneSave> saves, string node, DatabaseTime now)
    {
        var departures = saves.SelectMany(s => s.Departures).ToList();
        if (departures.Count > 0)
            await DepartAsync(session, departures, node, now);
        var letters = saves.SelectMany(s => s.DeadLetters).ToList();
        if (letters.Count > 0)
            await BuryAsync(session, letters, now);
        var gone = saves.SelectMany(s => s.Gone).ToList();
        if (gone.Count > 0)
            await EndAsync(session, gone, now);
    }

    private static Task<int> DepartAsync(DbSession session, IReadOnlyList<LaneDeparture> departures, string node, DatabaseTime now) =>
        session.ExecuteAsync(
            $$"""
            update {subscriptions} set position = v.position, attempts = v.attempts, answered = v.answered, due = v.due, retry_at = v.due,
              not_before = v.not_before,
              claimed_by = case when v.in_flight = 1 then @node end, epoch = epoch + 1, last_attempt_at = @now, last_status = v.status,
                last_error = v.error,
              behind_since = @now, failed_attempts = case when v.failure is null then 0 else 1 end,
              {{StoredFailures.Adding(session, "v.failure")}}
            from {{JsonRows.As(
                session,
                "id bigint, position bigint, attempts bigint, answered bigint, due bigint, not_before bigint, in_flight bigint, "
                    + "status bigint, error text, callback text, failure text"
            )}}
            where {subscriptions}.id = v.id and {subscriptions}.paused = 0 and (v.callback is null or {subscriptions}.callback = v.callback)
            """,
            new
            {
                rows = JsonRows.Of(
                    departures.Select(d =>
                        new object?[]
                        {
                            d.SubscriptionId.Value,
                            d.Position,
                            d.Attempts,
                            d.Answered,
                            d.Due.Microseconds,
                            d.NotBefore?.Microseconds,
                            d.InFlight ? 1 : 0,
                            d.Status,
                            d.Error,
                            d.Callback,
                            d.Failure,
                        }
                    )
                ),
                node,
                now,
            }
        );

    private static Task EndAsync(
        DbSession session,
        IReadOnlyList<(SubscriptionId SubscriptionId, string Callback, long Position)> gone,
        DatabaseTime now
    ) =>
        SubscriptionStore.EndAsync(
            session,
            $"{session.AnyOf("id", "ids")} and callback in (select v.callback from {JsonRows.As(session, "callback text")})",
            new
            {
                ids = session.Ids(gone.Select(g => g.SubscriptionId)),
                rows = JsonRows.Of(gone.Select(g => new object[] { g.Callback })),
            },
            new(Ending.Gone, null, now),
            gone.ToDictionary(g => g.SubscriptionId, g => g.Position)
        );

    /// <summary>
    /// Records entries that were given up. The next ones go out in full: a diff to something it never had is of no use (rule 24).
    /// </summary>
    /// <param name="session">The transaction.</param>
    /// <param name="letters">What was given up.</param>
    /// <param name="now">The time.</param>
    /// <param name="replayed">True if a replay gave it up.</param>
    public static async Task BuryAsync(DbSession session, IReadOnlyList<DeadLetter> letters, DatabaseTime now, bool replayed = false)
    {
        var rows = JsonRows.As(
            session,
            "topic_id bigint, subscription_id bigint, callback text, sequence bigint, attempts bigint, status bigint, error text"
        );
        var parameters = new
        {
            rows = JsonRows.Of(
                letters.Select(l =>
                    new object?[] { l.TopicId.Value, l.SubscriptionId.Value, l.Callback, l.Sequence, l.Attempts, l.Status, l.Error }
                )
            ),
            replayed = replayed ? 1L : 0L,
            now,
        };
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set full_until = n.next from (select v.subscription_id, max(v.sequence) + 1 as next
              from {{rows}} group by v.subscription_id) n
            where {subscriptions}.id = n.subscription_id and full_until < n.next
            """,
            parameters
        );
        await session.ExecuteAsync(
            $$"""
            insert into {dead_letters} (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, last_status,
              last_error, created_at, replayed)
            select v.topic_id, v.subscription_id, v.callback, v.sequence, v.sequence, v.attempts, v.status, v.error, @now, @replayed
            from {{rows}}
            """,
            parameters
        );
    }
}
