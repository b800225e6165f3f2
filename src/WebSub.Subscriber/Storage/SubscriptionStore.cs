using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// Stores subscriptions. A change is read, decided and saved in one transaction that locks the row; nothing here talks to a hub.
/// </summary>
internal sealed class SubscriptionStore(SubscriberDatabase database)
{
    private const string Columns = """
        id, handler, target_key, resource, wanted_topic, wanted_hub, options, state, reason, created_at, changed_at, version,
        hub, topic, secret, callback_key, confirmed_at, lease_end, renew_at, ended_at,
        pending_id, pending_mode, pending_state, pending_hub, pending_topic, pending_callback_key, pending_secret, pending_lease_seconds,
        pending_connect_attempts, pending_hub_error_attempts, pending_verify_attempts, pending_due, pending_sent_at, due,
        callback_url, pending_callback_url, declared, resumes, parent, replaced
        """;

    /// <summary>What deliveries leave behind; transitions do not touch it.</summary>
    private const string Seen = "received, received_at, usual_pause, silent_since, silence, missed";

    private const int PageSize = 500;

    private readonly RowClaims _claims = new(database, "subscriptions");

    private const string Insert = $$"""
        insert into {subscriptions} ({{Columns}}) values (
          @Id, @Handler, @TargetKey, @Resource, @WantedTopic, @WantedHub, @Options, @State, @Reason, @CreatedAt, @ChangedAt, @Version,
          @Hub, @Topic, @Secret, @CallbackKey, @ConfirmedAt, @LeaseEnd, @RenewAt, @EndedAt,
          @PendingId, @PendingMode, @PendingState, @PendingHub, @PendingTopic, @PendingCallbackKey, @PendingSecret, @PendingLeaseSeconds,
          @PendingConnectAttempts, @PendingHubErrorAttempts, @PendingVerifyAttempts, @PendingDue, @PendingSentAt, @Due,
          @CallbackUrl, @PendingCallbackUrl, @Declared, @Resumes, @Parent, @Replaced)
        on conflict do nothing
        """;

    private const string Update = """
        update {subscriptions} set
          handler = @Handler, options = @Options, state = @State, reason = @Reason, changed_at = @ChangedAt, version = version + 1,
          hub = @Hub, topic = @Topic, secret = @Secret, callback_key = @CallbackKey,
          confirmed_at = @ConfirmedAt, lease_end = @LeaseEnd, renew_at = @RenewAt, ended_at = @EndedAt,
          pending_id = @PendingId, pending_mode = @PendingMode, pending_state = @PendingState, pending_hub = @PendingHub,
          pending_topic = @PendingTopic,
          pending_callback_key = @PendingCallbackKey, pending_secret = @PendingSecret, pending_lease_seconds = @PendingLeaseSeconds,
          pending_connect_attempts = @PendingConnectAttempts, pending_hub_error_attempts = @PendingHubErrorAttempts,
          pending_verify_attempts = @PendingVerifyAttempts, pending_due = @PendingDue, pending_sent_at = @PendingSentAt, due = @Due,
          callback_url = @CallbackUrl, pending_callback_url = @PendingCallbackUrl, declared = @Declared, resumes = @Resumes,
          replaced = @Replaced
        where id = @Id
        """;

    /// <summary>
    /// Adds a subscription unless there is one for the same target and handler; returns the stored one, and whether it is new.
    /// </summary>
    public Task<(Subscription Subscription, bool IsNew)> AddAsync(Subscription subscription, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var row = SubscriptionRow.From(subscription, database.Secrets);
                var isNew = await session.ExecuteAsync(Insert, row) == 1;
                var stored = await session.FirstOrDefaultAsync<SubscriptionRow>(
                    $$"""
                    select {{Columns}}, {{Seen}} from {subscriptions}
                    where handler = @Handler and target_key = @TargetKey
                    """,
                    row
                );
                return (Open([stored!])[0], isNew);
            },
            cancellationToken
        );

    /// <summary>The subscription with this id, or null.</summary>
    public Task<Subscription?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                FirstAsync(
                    session,
                    $$"""select {{Columns}}, {{Seen}} from {subscriptions} where id = @id""",
                    new { id = id.ToString("D") }
                ),
            cancellationToken
        );

    /// <summary>
    /// The subscription that a callback belongs to, now or earlier; null if the key was never issued under that handler name.
    /// </summary>
    public Task<Subscription?> FindByKeyAsync(string key, string handler, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                FirstAsync(
                    session,
                    $$"""
                    select {{Columns}}, {{Seen}} from {subscriptions}
                    where id = (select subscription_id from {callbacks} where callback_key = @key and handler = @handler)
                    """,
                    new { key, handler }
                ),
            cancellationToken
        );

    /// <summary>One page of the subscriptions, oldest first, after the given one.</summary>
    public Task<IReadOnlyList<Subscription>> ListAsync(
        WebSubSubscriptionFilter filter,
        Subscription? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.ReadAsync(
            async session =>
            {
                var rows = await session.QueryAsync<SubscriptionRow>(
                    $$"""
                    select {{Columns}}, {{Seen}} from {subscriptions}
                    where (created_at > @created or (created_at = @created and id > @afterId))
                      and (@anyId = 1 or id = @id) and (@anyHandler = 1 or handler = @handler) and (@anyState = 1 or state = @state)
                    order by created_at, id limit @limit
                    """,
                    new
                    {
                        created = after is null ? new(-1) : DatabaseTime.From(after.CreatedAt),
                        afterId = after?.Id.ToString("D") ?? "",
                        anyId = filter.Id is null,
                        id = filter.Id?.ToString("D") ?? "",
                        anyHandler = filter.Handler is null,
                        handler = filter.Handler ?? "",
                        anyState = filter.State is null,
                        state = filter.State?.ToString() ?? "",
                        limit,
                    }
                );
                return Open(rows);
            },
            cancellationToken
        );

    /// <summary>How many subscriptions are in each state.</summary>
    public Task<IReadOnlyList<(string State, long Count)>> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.ReadAsync(
                    "select state, count(*) from {subscriptions} group by state order by state",
                    null,
                    row => (row.GetString(0), row.GetInt64(1))
                ),
            cancellationToken
        );

    /// <summary>All subscriptions, oldest first.</summary>
    public async Task<IReadOnlyList<Subscription>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<Subscription>();
        while (true)
        {
            var page = await ListAsync(new(), all.Count > 0 ? all[^1] : null, PageSize, cancellationToken);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }

    /// <summary>The subscriptions at further hubs that belong to this one.</summary>
    public Task<IReadOnlyList<Subscription>> ChildrenAsync(Guid parent, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
                Open(
                    await session.QueryAsync<SubscriptionRow>(
                        $$"""select {{Columns}}, {{Seen}} from {subscriptions} where parent = @parent""",
                        new { parent = parent.ToString("D") }
                    )
                ),
            cancellationToken
        );

    /// <summary>
    /// Applies a transition to the subscription as it is now and saves the result. Returns what was saved; null if the transition, or an
    /// unknown id, changes nothing.
    /// </summary>
    public Task<SubscriptionChange?> ChangeAsync(
        Guid id,
        Func<Subscription, SubscriptionChange?> transition,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            async session =>
            {
                // SQLite has one writer; PostgreSQL locks the row.
                var sql =
                    session.Dialect == SqlDialect.PostgreSql
                        ? $$"""select {{Columns}}, {{Seen}} from {subscriptions} where id = @id for update"""
                        : $$"""select {{Columns}}, {{Seen}} from {subscriptions} where id = @id""";
                var current = await FirstAsync(session, sql, new { id = id.ToString("D") });
                if (current is null || transition(current) is not { } change)
                    return null;

                await session.ExecuteAsync(Update, SubscriptionRow.From(change.Next, database.Secrets));
                if (NewKey(current, change.Next) is { } key)
                {
                    await session.ExecuteAsync(
                        "insert into {callbacks} (callback_key, subscription_id, handler, prefix, path) "
                            + "values (@key, @id, @handler, @prefix, @path) on conflict do nothing",
                        new
                        {
                            key,
                            id = id.ToString("D"),
                            handler = change.Next.Handler,
                            prefix = database.CallbackPrefix,
                            path = database.Callbacks.OwnPath(change.Next.Options),
                        }
                    );
                }

                return change with
                {
                    Next = change.Next with { Version = current.Version + 1 },
                };
            },
            cancellationToken
        );

    /// <summary>The prefixes, other than the current one, of callbacks that a hub may still call.</summary>
    public Task<IReadOnlyList<string>> OldPrefixesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<string>(
                    """
                    select distinct c.prefix from {callbacks} c join {subscriptions} s on s.id = c.subscription_id
                    where c.prefix <> @prefix and (c.callback_key in (s.callback_key, s.pending_callback_key) or s.replaced is not null)
                    order by c.prefix
                    """,
                    new { prefix = database.CallbackPrefix }
                ),
            cancellationToken
        );

    /// <summary>The paths of callback URLs that subscriptions have of their own.</summary>
    public Task<IReadOnlyList<string>> OwnPathsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.QueryAsync<string>("select distinct path from {callbacks} where path is not null order by path"),
            cancellationToken
        );

    /// <summary>
    /// Handler name and key of the callback at a path of its own; that in use first, if several had it one after the other.
    /// </summary>
    public Task<(string Handler, string Key)?> FindOwnAsync(string path, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var found = await session.ReadAsync(
                    """
                    select c.handler, c.callback_key from {callbacks} c join {subscriptions} s on s.id = c.subscription_id
                    where lower(c.path) = lower(@path)
                    order by case when c.callback_key in (s.callback_key, s.pending_callback_key) then 0 else 1 end,
                      s.ended_at is not null, s.changed_at desc
                    limit 1
                    """,
                    new { path },
                    row => (Handler: row.GetString(0), Key: row.GetString(1))
                );
                return found is [var first] ? first : ((string, string)?)null;
            },
            cancellationToken
        );

    /// <summary>Every callback that a subscription ever had.</summary>
    public Task<IReadOnlyList<CallbackRow>> CallbacksAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<CallbackRow>(
                    "select callback_key, handler, prefix, path from {callbacks} where subscription_id = @id order by callback_key",
                    new { id = id.ToString("D") }
                ),
            cancellationToken
        );

    /// <summary>
    /// Adds subscriptions as they are, with their callbacks: all, or none if this fails. One that is there already, by its id or by target
    /// and handler, stays as it is. Returns the ids of those that were added.
    /// </summary>
    public Task<IReadOnlyCollection<Guid>> ImportAsync(
        IReadOnlyList<(Subscription Subscription, IReadOnlyList<CallbackRow> Callbacks)> all,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync<IReadOnlyCollection<Guid>>(
            async session =>
            {
                var added = new HashSet<Guid>();
                foreach (var (subscription, callbacks) in all)
                {
                    var row = SubscriptionRow.From(subscription, database.Secrets);
                    if (await session.ExecuteAsync(Insert, row) == 0)
                        continue;
                    added.Add(subscription.Id);
                    await session.ExecuteAsync(
                        "update {subscriptions} set received = @Received, received_at = @ReceivedAt where id = @Id",
                        new
                        {
                            row.Id,
                            subscription.Received,
                            ReceivedAt = DatabaseTime.From(subscription.ReceivedAt),
                        }
                    );
                    foreach (var callback in callbacks)
                    {
                        await session.ExecuteAsync(
                            "insert into {callbacks} (callback_key, subscription_id, handler, prefix, path) "
                                + "values (@CallbackKey, @Id, @Handler, @Prefix, @Path) on conflict do nothing",
                            new
                            {
                                callback.CallbackKey,
                                row.Id,
                                callback.Handler,
                                Prefix = callback.Prefix ?? database.CallbackPrefix,
                                callback.Path,
                            }
                        );
                    }
                }

                return added;
            },
            cancellationToken
        );

    /// <summary>Forgets a subscription with its notifications, and remembers its callbacks as deleted. False if there is none.</summary>
    public Task<bool> DeleteAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var row = new { id = id.ToString("D"), now = DatabaseTime.From(now) };
                await session.ExecuteAsync(
                    "insert into {deleted_callbacks} (callback_key, deleted_at) "
                        + "select callback_key, @now from {callbacks} where subscription_id = @id on conflict do nothing",
                    row
                );
                return await session.ExecuteAsync("delete from {subscriptions} where id = @id", row) == 1;
            },
            cancellationToken
        );

    /// <summary>True if the callback belonged to a subscription that was deleted.</summary>
    public Task<bool> IsDeletedAsync(string key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
                await session.ScalarAsync<long>("select count(*) from {deleted_callbacks} where callback_key = @key", new { key }) > 0,
            cancellationToken
        );

    /// <summary>
    /// Subscriptions that have been over since before then and have nothing left to do, at most so many: no request, no pause until the
    /// next start, no notification that waits or is parked.
    /// </summary>
    public Task<IReadOnlyList<Subscription>> EndedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
                Open(
                    await session.QueryAsync<SubscriptionRow>(
                        $$"""
                        select {{Columns}}, {{Seen}} from {subscriptions} s
                        where state in ('Unsubscribed', 'Denied', 'Failed') and changed_at < @before and due is null and resumes = 0
                          and not exists (select 1 from {inbox} i where i.subscription_id = s.id and i.state <> 'Done')
                        order by changed_at limit @limit
                        """,
                        new { before = DatabaseTime.From(before), limit }
                    )
                ),
            cancellationToken
        );

    /// <summary>Forgets which callbacks were deleted before then.</summary>
    public Task<int> PruneDeletedAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "delete from {deleted_callbacks} where deleted_at < @before",
                    new { before = DatabaseTime.From(before) }
                ),
            cancellationToken
        );

    /// <summary>Records that this process is alive until the given time; returns how many are, this one included.</summary>
    public Task<int> BeatAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var parameters = new
                {
                    owner = database.ClaimOwner,
                    now = DatabaseTime.From(now),
                    until = DatabaseTime.From(until),
                };
                await session.ExecuteAsync(
                    "insert into {processes} (owner, alive_until) values (@owner, @until) "
                        + "on conflict (owner) do update set alive_until = @until",
                    parameters
                );
                return (int)await session.ScalarAsync<long>("select count(*) from {processes} where alive_until > @now", parameters);
            },
            cancellationToken
        );

    /// <summary>Records that this process is leaving; true if no other is left. If two leave at once, both may get true.</summary>
    public async Task<bool> LeaveAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            session => session.ExecuteAsync("delete from {processes} where owner = @owner", new { owner = database.ClaimOwner }),
            cancellationToken
        );
        return await database.ReadAsync(
            async session =>
                await session.ScalarAsync<long>(
                    "select count(*) from {processes} where alive_until > @now",
                    new { now = DatabaseTime.From(now) }
                ) == 0,
            cancellationToken
        );
    }

    /// <summary>Claims subscriptions that are due for this process, most overdue first.</summary>
    public Task<IReadOnlyList<Subscription>> ClaimDueAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            async session =>
            {
                const string Free =
                    "select id from {subscriptions} where due <= @now and (claimed_until is null or claimed_until <= @now) "
                    + "order by due limit @limit";
                var chosen =
                    session.Dialect == SqlDialect.PostgreSql ? $"id = any(array({Free} for update skip locked))" : $"id in ({Free})";
                var rows = await session.QueryAsync<SubscriptionRow>(
                    $$"""
                    update {subscriptions} set claimed_by = @owner, claimed_until = @until
                    where {{chosen}} returning {{Columns}}, {{Seen}}
                    """,
                    new
                    {
                        now = DatabaseTime.From(now),
                        until = DatabaseTime.From(until),
                        owner = database.ClaimOwner,
                        limit,
                    }
                );
                return Open(rows);
            },
            cancellationToken
        );

    /// <summary>Extends claims that this process holds.</summary>
    public Task<int> KeepClaimsAsync(IReadOnlyCollection<Guid> ids, DateTimeOffset until, CancellationToken cancellationToken) =>
        _claims.KeepAsync(ids.Select(i => i.ToString("D")), until, cancellationToken);

    /// <summary>Releases a claim.</summary>
    public Task<int> ReleaseAsync(Guid id, CancellationToken cancellationToken) =>
        _claims.ReleaseAsync(id.ToString("D"), cancellationToken);

    /// <summary>When the next subscription may be claimed; null if none waits.</summary>
    public Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) => _claims.NextDueAsync(cancellationToken);

    private static string? NewKey(Subscription before, Subscription after) =>
        after.Pending?.CallbackKey is { } asked && asked != before.Pending?.CallbackKey ? asked
        : after.Active?.CallbackKey is { } served && served != before.Active?.CallbackKey ? served
        : null;

    private async Task<Subscription?> FirstAsync(DbSession session, string sql, object parameters) =>
        await session.FirstOrDefaultAsync<SubscriptionRow>(sql, parameters) is { } row ? Open([row])[0] : null;

    private IReadOnlyList<Subscription> Open(IEnumerable<SubscriptionRow> rows)
    {
        using var opener = database.Secrets.Opener();
        return [.. rows.Select(r => r.ToSubscription(opener))];
    }
}
