using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>The claims in the rows of one table that has due, claimed_by and claimed_until.</summary>
/// <param name="database">The database, with this process's name in claims.</param>
/// <param name="table">The table's name without its prefix.</param>
internal sealed class RowClaims(SubscriberDatabase database, string table)
{
    /// <summary>How many claims are looked at; that is as many as a process can hold.</summary>
    public const int MaxClaimed = 1000;

    private readonly string _table = "{" + table + "}";

    /// <summary>Extends claims that this process holds.</summary>
    /// <param name="ids">The ids as the database has them.</param>
    /// <param name="until">When the claims end.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<int> KeepAsync<TId>(IEnumerable<TId> ids, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    // Dapper writes a list out for SQLite and hands PostgreSQL an array; there all lock rows in the same order.
                    $"update {_table} set claimed_until = @until where claimed_by = @owner and id "
                        + session.Pick("in @ids", $"= any(array(select id from {_table} where id = any(@ids) order by id for update))"),
                    new
                    {
                        ids = ids.ToArray(),
                        until = DatabaseTime.From(until),
                        owner = database.ClaimOwner,
                    }
                ),
            cancellationToken
        );

    /// <summary>Releases a claim.</summary>
    public Task<int> ReleaseAsync(object id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    $"update {_table} set claimed_by = null, claimed_until = null where id = @id and claimed_by = @owner",
                    new { id, owner = database.ClaimOwner }
                ),
            cancellationToken
        );

    /// <summary>When the next row may be claimed; null if none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                // In the order of the index of what is due: PostgreSQL would read the whole table until it has statistics that say how few
                // rows are.
                var next = await session.ScalarAsync<DatabaseTime?>(
                    $"""
                    select min(at) from (
                      select due as at from (select due from {_table}
                        where due is not null and (claimed_until is null or claimed_until <= due) order by due limit 1) free
                      union all
                      select claimed_until from (select claimed_until from {_table}
                        where due is not null and claimed_until > due order by due limit {MaxClaimed}) claimed) next
                    """
                );
                return next?.ToMoment();
            },
            cancellationToken
        );
}
