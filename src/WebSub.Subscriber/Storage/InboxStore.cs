using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// Keeps notifications until they are handled. Only the oldest waiting notification of a subscription has a due time, so any number of
/// workers and processes keep the order; adding and finishing lock the subscription's row to maintain that.
/// </summary>
internal sealed class InboxStore(SubscriberDatabase database)
{
    private const string Columns =
        "id, subscription_id, topic, delivery_id, replay, body_hash, headers, content_type, body, received_at, "
        + "state, attempts, due, last_error, source";

    private const string Handled =
        "update {inbox} set state = 'Done', attempts = attempts + 1, last_error = null, finished_at = @now, due = null, "
        + "claimed_by = null, claimed_until = null where ";

    private const string HandledFirst = Handled + "id = @Id and claimed_by = @owner";

    // An operator may have moved, dropped or replayed some of them meanwhile.
    private const string HandledOthers = Handled + "subscription_id = @SubscriptionId and state = 'Waiting' and claimed_by is null";

    private const string Next =
        "update {inbox} set due = @now, claimed_by = case when id = @next then @owner end, "
        + "claimed_until = case when id = @next then @until end where id = coalesce("
        + "(select id from {inbox} where id = @next and subscription_id = @SubscriptionId and state = 'Waiting' and claimed_by is null), "
        + "(select min(id) from {inbox} where subscription_id = @SubscriptionId and state = 'Waiting'";

    // In one round trip, for what comes in waits for the lock. The parts of a statement do not see what the others change.
    private const string HandledTogether =
        "select 1 from {subscriptions} where id = @SubscriptionId for update; "
        + $"with first as ({HandledFirst} returning id), "
        + $"others as ({HandledOthers} and id = any(@others) and exists (select 1 from first)), "
        + $"next as ({Next} and id <> @Id and not id = any(@others))) and exists (select 1 from first) returning id) "
        + "select (select count(*) from first), (select id from next)";

    private readonly RowClaims _claims = new(database, "inbox");

    /// <summary>Claims due notifications for this process, at most one per subscription.</summary>
    public Task<IReadOnlyList<InboxRow>> ClaimDueAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            async session =>
            {
                const string Free =
                    "select id from {inbox} where due <= @now and (claimed_until is null or claimed_until <= @now) "
                    + "order by due, id limit @limit";
                var chosen =
                    session.Dialect == SqlDialect.PostgreSql ? $"id = any(array({Free} for update skip locked))" : $"id in ({Free})";
                return await session.QueryAsync<InboxRow>(
                    $$"""update {inbox} set claimed_by = @owner, claimed_until = @until where {{chosen}} returning {{Columns}}""",
                    new
                    {
                        now = DatabaseTime.From(now),
                        until = DatabaseTime.From(until),
                        owner = database.ClaimOwner,
                        limit,
                    }
                );
            },
            cancellationToken
        );

    /// <summary>
    /// The notifications that wait behind one, oldest first, up to a number and to so many bytes. They need no claim of their own: nobody
    /// handles them while that one is claimed.
    /// </summary>
    public Task<IReadOnlyList<InboxRow>> ReadAheadAsync(InboxRow row, int limit, long maxBytes, CancellationToken cancellationToken)
    {
        const string Waiting =
            "from {inbox} where subscription_id = @SubscriptionId and state = 'Waiting' and id > @Id and claimed_by is null "
            + "and exists (select 1 from {inbox} first where first.id = @Id and first.claimed_by = @owner)";
        return database.ReadAsync(
            session =>
                session.QueryAsync<InboxRow>(
                    $$"""
                    select {{Columns}} {{Waiting}} and id <= (
                      select max(id) from (
                        select id, sum(length(body)) over (order by id) as bytes
                        from (select id, body {{Waiting}} order by id limit @limit) chunk) sums
                      where bytes <= @maxBytes)
                    order by id
                    """,
                    new
                    {
                        row.Id,
                        row.SubscriptionId,
                        limit,
                        maxBytes,
                        owner = database.ClaimOwner,
                    }
                ),
            cancellationToken
        );
    }

    /// <summary>
    /// Marks a notification handled, and others that were handled after it, and makes the next one of the subscription due. Does nothing
    /// if the claim of the first was lost.
    /// </summary>
    /// <returns>Whether that claim was still held, and the one that is being handled now is claimed in its place.</returns>
    /// <param name="first">The one that is claimed.</param>
    /// <param name="others">The ids of the others.</param>
    /// <param name="next">The id of the one that is being handled now, and stays claimed; null if none is.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">When that claim ends.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<bool> HandledAsync(
        InboxRow first,
        IReadOnlyCollection<long> others,
        long? next,
        DateTimeOffset now,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            async session =>
            {
                var parameters = new
                {
                    first.Id,
                    first.SubscriptionId,
                    others = session.Ids(others),
                    next = next ?? 0,
                    now = DatabaseTime.From(now),
                    until = DatabaseTime.From(until),
                    owner = database.ClaimOwner,
                };
                if (session.Dialect == SqlDialect.PostgreSql)
                {
                    var (held, claimed) = await session.ReadTogetherAsync(
                        HandledTogether,
                        parameters,
                        async rows =>
                        {
                            await rows.ReadAsync<long>();
                            return (await rows.ReadAsync<(long Held, long? Claimed)>())[0];
                        }
                    );
                    return held > 0 && (next is null || claimed == next);
                }

                if (await session.ExecuteAsync(HandledFirst, parameters) == 0)
                    return false;
                if (others.Count > 0)
                    await session.ExecuteAsync($"{HandledOthers} and {session.AnyOf("id", "others")}", parameters);
                var due = await session.ScalarAsync<long?>(Next + ")) returning id", parameters);
                return next is null || due == next;
            },
            cancellationToken
        );

    /// <summary>Marks a notification parked, and makes the next one of its subscription due. Does nothing if the claim was lost.</summary>
    public Task<bool> ParkAsync(InboxRow row, long attempts, string? error, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await LockAsync(session, [row.SubscriptionId]);
                var parked = await session.ExecuteAsync(
                    """
                    update {inbox} set state = 'Parked', attempts = @attempts, last_error = @error, finished_at = @now,
                      due = null, claimed_by = null, claimed_until = null
                    where id = @Id and claimed_by = @owner
                    """,
                    new
                    {
                        row.Id,
                        attempts,
                        error = StoredText.Clean(error),
                        now = DatabaseTime.From(now),
                        owner = database.ClaimOwner,
                    }
                );
                if (parked > 0)
                    await MakeNextDueAsync(session, row.SubscriptionId, now);
                return parked > 0;
            },
            cancellationToken
        );

    /// <summary>Releases a notification, to be retried at <paramref name="due"/>; those behind it wait.</summary>
    public Task<int> PostponeAsync(InboxRow row, long attempts, string? error, DateTimeOffset due, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {inbox} set attempts = @attempts, last_error = @error, due = @due, claimed_by = null, "
                        + "claimed_until = null where id = @Id and claimed_by = @owner",
                    new
                    {
                        row.Id,
                        attempts,
                        error = StoredText.Clean(error),
                        due = DatabaseTime.From(due),
                        owner = database.ClaimOwner,
                    }
                ),
            cancellationToken
        );

    /// <summary>Extends claims that this process holds.</summary>
    public Task<int> KeepClaimsAsync(IReadOnlyCollection<long> ids, DateTimeOffset until, CancellationToken cancellationToken) =>
        _claims.KeepAsync(ids, until, cancellationToken);

    /// <summary>Releases a claim.</summary>
    public Task<int> ReleaseAsync(long id, CancellationToken cancellationToken) => _claims.ReleaseAsync(id, cancellationToken);

    /// <summary>When the next notification may be claimed; null if none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => _claims.NextDueAsync(cancellationToken);

    /// <summary>Queues a handled or parked notification again. False if there is none with this id.</summary>
    public Task<bool> ReplayAsync(long id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var row = new { id, now = DatabaseTime.From(now) };
                var subscription = await session.FirstOrDefaultAsync<string>(
                    "select subscription_id from {inbox} where id = @id and state <> 'Waiting'",
                    row
                );
                if (subscription is null)
                    return false;
                if (session.Dialect == SqlDialect.PostgreSql)
                    await session.ExecuteAsync("select 1 from {subscriptions} where id = @subscription for update", new { subscription });
                return await session.ExecuteAsync(
                        """
                        update {inbox} set state = 'Waiting', attempts = 0, finished_at = null, claimed_by = null, claimed_until = null,
                          due = case when exists (select 1 from {inbox} other where other.subscription_id = {inbox}.subscription_id
                            and other.state = 'Waiting') then null else @now end
                        where id = @id and state <> 'Waiting'
                        """,
                        row
                    ) == 1;
            },
            cancellationToken
        );

    /// <summary>The notification with this id and its body; null if none is kept.</summary>
    public Task<InboxRow?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FirstOrDefaultAsync<InboxRow>($$"""select {{Columns}} from {inbox} where id = @id""", new { id }),
            cancellationToken
        );

    /// <summary>
    /// Deletes notifications, in whatever state, all or none; each subscription's next one becomes due. Returns how many there were.
    /// </summary>
    public Task<int> DropAsync(IReadOnlyCollection<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var row = new { ids = session.Ids(ids), now = DatabaseTime.From(now) };
                var owners = await session.QueryAsync<string>(
                    $"select distinct subscription_id from {{inbox}} where {session.AnyOf("id", "ids")} order by subscription_id",
                    row
                );
                await LockAsync(session, owners);
                var dropped = await session.ExecuteAsync($"delete from {{inbox}} where {session.AnyOf("id", "ids")}", row);
                foreach (var owner in owners)
                    await MakeNextDueAsync(session, owner, now);
                return dropped;
            },
            cancellationToken
        );

    /// <summary>
    /// Gives the notifications of a subscription that are not handled yet to another one, where they come in their order; what that one
    /// has already is left behind. Returns how many moved.
    /// </summary>
    public Task<int> MoveAsync(Guid from, Guid to, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var row = new { source = from.ToString("D"), target = to.ToString("D") };
                await LockAsync(session, new[] { row.source, row.target }.Order(StringComparer.Ordinal));
                var moved = await session.ExecuteAsync(
                    """
                    update {inbox} set subscription_id = @target, due = null, claimed_by = null, claimed_until = null
                    where subscription_id = @source and state <> 'Done' and not exists (
                      select 1 from {inbox} other where other.subscription_id = @target and other.delivery_id = {inbox}.delivery_id
                        and other.replay = {inbox}.replay and other.body_hash = {inbox}.body_hash)
                    """,
                    row
                );
                await MakeNextDueAsync(session, row.target, now);
                return moved;
            },
            cancellationToken
        );

    /// <summary>One page of notifications without their bodies, oldest first, after the given one.</summary>
    public Task<IReadOnlyList<InboxItemRow>> ListAsync(
        Guid? subscription,
        string? state,
        long after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<InboxItemRow>(
                    """
                    select id, subscription_id, topic, delivery_id, content_type, length(body) as length, received_at, state,
                      attempts, due, finished_at, last_error from {inbox}
                    where id > @after and (@anySubscription = 1 or subscription_id = @subscription) and (@anyState = 1 or state = @state)
                    order by id limit @limit
                    """,
                    new
                    {
                        after,
                        anySubscription = subscription is null,
                        subscription = subscription?.ToString("D") ?? "",
                        anyState = state is null,
                        state = state ?? "",
                        limit,
                    }
                ),
            cancellationToken
        );

    /// <summary>The last notifications of a subscription, the newest first.</summary>
    public Task<IReadOnlyList<InboxItemRow>> LatestAsync(Guid subscription, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<InboxItemRow>(
                    """
                    select id, subscription_id, topic, delivery_id, content_type, length(body) as length, received_at, state,
                      attempts, due, finished_at, last_error from {inbox}
                    where subscription_id = @subscription order by id desc limit @limit
                    """,
                    new { subscription = subscription.ToString("D"), limit }
                ),
            cancellationToken
        );

    /// <summary>How many notifications are in each state.</summary>
    public Task<IReadOnlyList<(string State, long Count)>> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.ReadAsync(
                    "select state, count(*) from {inbox} group by state order by state",
                    null,
                    row => (row.GetString(0), row.GetInt64(1))
                ),
            cancellationToken
        );

    /// <summary>Deletes notifications handled, or parked, before the given times; returns how many.</summary>
    public Task<int> PruneAsync(DateTimeOffset handledBefore, DateTimeOffset parkedBefore, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "delete from {inbox} where (state = 'Done' and finished_at < @handled) or (state = 'Parked' and finished_at < @parked)",
                    new { handled = DatabaseTime.From(handledBefore), parked = DatabaseTime.From(parkedBefore) }
                ),
            cancellationToken
        );

    private static async Task LockAsync(DbSession session, IEnumerable<string> subscriptions)
    {
        if (session.Dialect != SqlDialect.PostgreSql)
            return;
        foreach (var id in subscriptions)
            await session.ExecuteAsync("select 1 from {subscriptions} where id = @id for update", new { id });
    }

    /// <summary>Makes the oldest waiting notification of a subscription due, unless one is.</summary>
    internal static Task<int> MakeNextDueAsync(DbSession session, string subscription, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            update {inbox} set due = @now
            where id = (select min(id) from {inbox} where subscription_id = @subscription and state = 'Waiting')
              and not exists (select 1 from {inbox} where subscription_id = @subscription and state = 'Waiting' and due is not null)
            """,
            new { subscription, now = DatabaseTime.From(now) }
        );
}
