using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>How deliveries are counted in their subscription's row.</summary>
internal static class DeliveryCount
{
    // The moving average gives the last pause an eighth.
    private const string Count = """
        update {subscriptions} as s set received = s.received + v.count,
          usual_pause = case when s.received_at is null or s.received_at > v.at then s.usual_pause
            when s.usual_pause is null then (v.at - s.received_at) / v.count
            else s.usual_pause + ((v.at - s.received_at) / v.count - s.usual_pause) / 8 end,
          received_at = case when s.received_at > v.at then s.received_at else v.at end,
          gap_after = case when s.series = v.series and s.last_number < v.first - 1 and s.gap_after is null then s.last_number
            else s.gap_after end,
          gap_before = case when s.series = v.series and s.last_number < v.first - 1 then v.first else s.gap_before end,
          last_number = case when v.series is null or (s.series = v.series and s.last_number > v.last) then s.last_number else v.last end,
          series = coalesce(v.series, s.series)
        """;

    private const string One =
        Count
        + " from (select @SubscriptionId as id, @Count as count, @At as at, @Series as series, "
        + "@First as first, @Last as last) v where s.id = v.id";

    // In the order of their ids, so that two processes never wait for each other's.
    private const string Many =
        "with held as materialized (select id from {subscriptions} where id = any(@ids) order by id for update) "
        + Count
        + " from unnest(@ids, @counts, @times, @series, @firsts, @lasts) as v (id, count, at, series, first, last) "
        + "join held on held.id = v.id where s.id = v.id";

    /// <summary>Counts deliveries, and notes a hole before their numbers.</summary>
    public static async Task AddAsync(DbSession session, IReadOnlyList<DeliveryRun> runs)
    {
        if (session.Dialect == SqlDialect.Sqlite)
        {
            foreach (var run in runs)
                await session.ExecuteAsync(One, run);
            return;
        }

        // A statement updates a row once.
        foreach (var pass in runs.GroupBy(r => r.SubscriptionId).SelectMany(g => g.Index()).GroupBy(r => r.Index, r => r.Item))
        {
            await session.ExecuteAsync(
                Many,
                new
                {
                    ids = pass.Select(r => r.SubscriptionId).ToArray(),
                    counts = pass.Select(r => r.Count).ToArray(),
                    times = pass.Select(r => r.At.Microseconds).ToArray(),
                    series = pass.Select(r => r.Series).ToArray(),
                    firsts = pass.Select(r => r.First).ToArray(),
                    lasts = pass.Select(r => r.Last).ToArray(),
                }
            );
        }
    }
}
