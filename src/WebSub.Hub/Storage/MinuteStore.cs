using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What each node has sent within the last hour or so.</summary>
internal sealed class MinuteStore(HubDatabase database)
{
    /// <summary>Stores what a node counted, in the place of what it stored of the same time, and drops what is old.</summary>
    /// <param name="node">The node.</param>
    /// <param name="minutes">Its minutes.</param>
    /// <param name="spans">Its spans of origins.</param>
    /// <param name="before">What began before is dropped, whichever node's it is.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task WriteAsync(
        string node,
        IReadOnlyList<MinuteRow> minutes,
        IReadOnlyList<OriginSpan> spans,
        DatabaseTime before,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("delete from {minutes} where began_at < @before", new { before });
                await session.ExecuteAsync("delete from {origin_spans} where began_at < @before", new { before });
                foreach (var minute in minutes)
                {
                    await session.ExecuteAsync(
                        """
                        insert into {minutes} (began_at, node, delivered, failed, latencies)
                        values (@BeganAt, @node, @Delivered, @Failed, @Latencies)
                        on conflict (began_at, node) do update
                          set delivered = excluded.delivered, failed = excluded.failed, latencies = excluded.latencies
                        """,
                        new
                        {
                            node,
                            minute.BeganAt,
                            minute.Delivered,
                            minute.Failed,
                            minute.Latencies,
                        }
                    );
                }

                await session.ExecuteAsync(
                    $$"""
                    insert into {origin_spans} (began_at, node, origin, delivered, failed)
                    select v.began_at, @node, v.origin, v.delivered, v.failed
                    from {{JsonRows.As(session, "began_at bigint, origin text, delivered bigint, failed bigint")}} where true
                    on conflict (began_at, node, origin) do update set delivered = excluded.delivered, failed = excluded.failed
                    """,
                    new
                    {
                        node,
                        rows = JsonRows.Of(spans.Select(s => new object?[] { s.BeganAt.Microseconds, s.Origin, s.Delivered, s.Failed })),
                    }
                );
            },
            cancellationToken
        );

    /// <summary>The minutes of the other nodes since a moment, also of those that have stopped.</summary>
    public Task<IReadOnlyList<MinuteRow>> OfOthersAsync(string node, DatabaseTime since, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<MinuteRow>(
                    "select began_at, delivered, failed, latencies from {minutes} where began_at >= @since and node <> @node",
                    new { node, since }
                ),
            cancellationToken
        );

    /// <summary>How the other nodes' attempts of each origin ended since a moment.</summary>
    public Task<IReadOnlyList<OriginSpan>> OriginsOfOthersAsync(string node, DatabaseTime since, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session =>
                session.ReadAsync(
                    """
                    select origin, cast(sum(delivered) as bigint), cast(sum(failed) as bigint)
                    from {origin_spans} where began_at >= @since and node <> @node group by origin
                    """,
                    new { node, since },
                    row => new OriginSpan(since, row.GetString(0), row.GetInt64(1), row.GetInt64(2))
                ),
            cancellationToken
        );
}
