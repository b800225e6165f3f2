using WebSub.Subscriber.Hosting;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// What processes have claimed that are not there any more: PostgreSQL tells which ones are (<see cref="ProcessLife"/>).
/// </summary>
internal sealed class ProcessStore(SubscriberDatabase database)
{
    /// <summary>
    /// The processes that hold a claim, or are entered as running, and hold no lock. A claim that this statement sees was made by one that
    /// had its lock by then.
    /// </summary>
    public Task<IReadOnlyList<string>> FindDeadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<string>(
                    $$"""
                    select distinct c.owner from (
                      select owner from {processes}
                      union all (select claimed_by from {inbox}
                        where due is not null and claimed_by is not null order by due limit {{RowClaims.MaxClaimed}})
                      union all (select claimed_by from {subscriptions}
                        where due is not null and claimed_by is not null order by due limit {{RowClaims.MaxClaimed}})) c
                    where c.owner <> @me and right(c.owner, 16) not in (
                      select lpad(to_hex(classid::bigint), 8, '0') || lpad(to_hex(objid::bigint), 8, '0') from pg_locks
                        where locktype = 'advisory' and objsubid = 1 and granted)
                    """,
                    new { me = database.ClaimOwner }
                ),
            cancellationToken
        );

    /// <summary>
    /// Releases what these processes had claimed. Returns those that are gone indeed: one that is back meanwhile keeps what it has.
    /// </summary>
    public Task<IReadOnlyList<string>> FreeAsync(IReadOnlyCollection<string> owners, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<string>>(
            async session =>
            {
                // Until this is committed no other session can have the lock under a process's name: one that comes back sees all of it or
                // nothing.
                var gone = new List<string>();
                foreach (var owner in owners)
                {
                    var key = ProcessKey.Of(owner);
                    if (await session.ScalarAsync<bool>("select pg_try_advisory_xact_lock(@key)", new { key }))
                        gone.Add(owner);
                }

                var dead = new { owners = gone.ToArray() };
                foreach (var table in (string[])["{inbox}", "{subscriptions}"])
                {
                    await session.ExecuteAsync(
                        $"update {table} set claimed_by = null, claimed_until = null where due is not null and claimed_by = any(@owners)",
                        dead
                    );
                }

                await session.ExecuteAsync("delete from {processes} where owner = any(@owners)", dead);
                return gone;
            },
            cancellationToken
        );
}
