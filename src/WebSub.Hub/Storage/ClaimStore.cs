using WebSub.Hub.Cluster;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// What nodes have claimed that are not there any more: PostgreSQL tells which nodes are (rule 26, <see cref="NodeLife"/>).
/// </summary>
internal sealed class ClaimStore(HubDatabase database)
{
    /// <summary>
    /// The nodes that hold a claim on waiting work, and no lock. A claim that this statement sees was made by a node that had its lock
    /// by then.
    /// </summary>
    /// <param name="node">Who asks.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">No claim of a single request, topic or subscription ends later.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IReadOnlyList<string>> FindDeadAsync(
        string node,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.ReadAsync(
            session =>
                session.QueryAsync<string>(
                    $$"""
                    select distinct c.claimed_by from (
                      select l.claimed_by from {topic_work} w join {lanes} l on l.topic_id = w.topic_id where l.claimed_until >= @now
                      union all select claimed_by from {requests} where due > @now and due <= @until
                      union all select claimed_by from {topics} where due > @now and due <= @until
                      union all select claimed_by from {subscriptions} where due > @now and due <= @until
                      union all select claimed_by from {replays} where due > @now and due <= @until) c
                    where c.claimed_by <> @node and c.claimed_by not in (
                      {{NodeStore.Locked}})
                    """,
                    new
                    {
                        node,
                        now,
                        until,
                    }
                ),
            cancellationToken
        );

    /// <summary>
    /// Frees what these nodes had claimed; it is due now. Returns those that are gone indeed: one that is back meanwhile keeps what it has.
    /// </summary>
    public Task<IReadOnlyList<string>> FreeAsync(
        IReadOnlyCollection<string> nodes,
        DatabaseTime now,
        DatabaseTime until,
        CancellationToken cancellationToken
    ) =>
        database.Db.WriteAsync<IReadOnlyList<string>>(
            async session =>
            {
                // Until this is committed no other session can have the lock under a node's name: a node that comes back sees all of it or
                // nothing.
                var gone = new List<string>();
                foreach (var node in nodes)
                {
                    if (
                        NodeKey.Of(node) is not { } key
                        || await session.ScalarAsync<bool>("select pg_try_advisory_xact_lock(@key)", new { key })
                    )
                        gone.Add(node);
                }

                var claims = new
                {
                    nodes = gone.ToArray(),
                    now,
                    until,
                };
                await session.ExecuteAsync(
                    "update {lanes} set claimed_by = null, claimed_until = null where claimed_by = any(@nodes)",
                    claims
                );
                foreach (var table in (string[])["{requests}", "{topics}", "{subscriptions}", "{replays}"])
                {
                    await session.ExecuteAsync(
                        $"update {table} set claimed_by = null, due = @now where claimed_by = any(@nodes) and due > @now and due <= @until",
                        claims
                    );
                }

                return gone;
            },
            cancellationToken
        );
}
