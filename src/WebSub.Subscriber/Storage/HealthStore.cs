using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// What is known of hubs by what they deliver. A step is taken by the process whose statement changes the row, so several processes tell of
/// it once.
/// </summary>
internal sealed class HealthStore(SubscriberDatabase database)
{
    /// <summary>Active subscriptions that were quiet for a while, and those whose hub counts as silent.</summary>
    public Task<IReadOnlyList<Guid>> QuietAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        IdsAsync(
            "select id from {subscriptions} where silent_since is not null "
                + "or (state = 'Active' and usual_pause is not null and received_at <= @since)",
            new { since = DatabaseTime.From(since) },
            cancellationToken
        );

    /// <summary>Notes that a hub is silent; false if that is known.</summary>
    public Task<bool> SilentAsync(Guid id, string why, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangesAsync(
            "update {subscriptions} set silent_since = @now, silence = @why where id = @id and silent_since is null",
            new
            {
                id = Text(id),
                why = StoredText.Clean(why),
                now = DatabaseTime.From(now),
            },
            cancellationToken
        );

    /// <summary>Notes that a hub is no longer silent; false if it was not.</summary>
    public Task<bool> HeardAsync(Guid id, CancellationToken cancellationToken) =>
        ChangesAsync(
            "update {subscriptions} set silent_since = null, silence = null where id = @id and silent_since is not null",
            new { id = Text(id) },
            cancellationToken
        );

    /// <summary>What the active subscriptions show of their hubs, those in trouble first.</summary>
    public async Task<IReadOnlyList<WebSubHubHealth>> HubsAsync(CancellationToken cancellationToken) => [.. (
                await database.ReadAsync(
                    session =>
                        session.QueryAsync<HubRow>(
                            """
                            select hub, count(*) as subscriptions, count(silent_since) as silent, min(silent_since) as silent_since,
                              cast(sum(received) as bigint) as received, max(received_at) as received_at,
                              cast(sum(missed) as bigint) as missed,
                              sum(case when usual_pause > 0 then cast(1 as double precision) / usual_pause end) as rate
                            from {subscriptions} where state = 'Active' and hub is not null
                            group by hub
                            """
                        ),
                    cancellationToken
                )
            ).Select(r => r.ToHealth()).OrderByDescending(h => h.State).ThenBy(h => h.Hub, StringComparer.Ordinal)];

    /// <summary>
    /// The other active subscriptions at a hub; none if it has delivered to one of them since, or was silent for one of them already.
    /// </summary>
    public Task<IReadOnlyList<Guid>> UnheardBesideAsync(Guid id, string hub, DateTimeOffset? since, CancellationToken cancellationToken) =>
        IdsAsync(
            """
            select id from {subscriptions} where state = 'Active' and hub = @hub and id <> @id
              and not exists (
                select 1 from {subscriptions} o where o.state = 'Active' and o.hub = @hub and o.id <> @id
                  and (o.received_at > @since or o.silent_since is not null))
            """,
            new
            {
                id = Text(id),
                hub,
                since = DatabaseTime.From(since ?? DateTimeOffset.UnixEpoch),
            },
            cancellationToken
        );

    /// <summary>Counts an update that the hub did not deliver.</summary>
    public Task<bool> MissedAsync(Guid id, long count, CancellationToken cancellationToken) =>
        ChangesAsync("update {subscriptions} set missed = missed + @count where id = @id", new { id = Text(id), count }, cancellationToken);

    /// <summary>The hub that was left; null if none was.</summary>
    public Task<string?> AvoidedHubAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.FirstOrDefaultAsync<string>("select avoided_hub from {subscriptions} where id = @id", new { id = Text(id) }),
            cancellationToken
        );

    /// <summary>The next request goes to another hub, if there is one.</summary>
    public Task<bool> AvoidAsync(Guid id, string hub, CancellationToken cancellationToken) =>
        ChangesAsync("update {subscriptions} set avoided_hub = @hub where id = @id", new { id = Text(id), hub }, cancellationToken);

    /// <summary>Counts deliveries that inline handlers took.</summary>
    public Task CountAsync(IReadOnlyCollection<(Guid Id, long Count, DateTimeOffset Last)> all, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await DeliveryCount.AddAsync(
                    session,
                    [.. all.Select(a => new DeliveryRun(Text(a.Id), a.Count, DatabaseTime.From(a.Last)))]
                );
                return true;
            },
            cancellationToken
        );

    /// <summary>Holes in numbered delivery ids.</summary>
    public Task<IReadOnlyList<GapRow>> GapsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
                session.QueryAsync<GapRow>("select id, gap_after, gap_before from {subscriptions} where gap_after is not null order by id"),
            cancellationToken
        );

    /// <summary>A hole is done with through a number; what is behind that, or was added to it meanwhile, remains.</summary>
    public Task<bool> CloseGapAsync(GapRow gap, long through, CancellationToken cancellationToken) =>
        ChangesAsync(
            """
            update {subscriptions} set
              gap_after = case when gap_before > @through + 1 then @through else null end,
              gap_before = case when gap_before > @through + 1 then gap_before else null end
            where id = @Id and gap_after = @GapAfter
            """,
            new
            {
                gap.Id,
                gap.GapAfter,
                through,
            },
            cancellationToken
        );

    /// <summary>A hole is done with.</summary>
    public Task<bool> CloseGapAsync(GapRow gap, CancellationToken cancellationToken) =>
        CloseGapAsync(gap, gap.GapBefore, cancellationToken);

    /// <summary>Begins and ends polling: every active subscription has a row, no other one has.</summary>
    public Task<bool> FollowAsync(PollRow first, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "delete from {polls} where not exists "
                        + "(select 1 from {subscriptions} s where s.id = subscription_id and s.state = 'Active')"
                );
                return await session.ExecuteAsync(
                        """
                        insert into {polls} (subscription_id, due, pause)
                        select id, @Due, @Pause from {subscriptions} s where state = 'Active' and parent is null
                          and not exists (select 1 from {polls} p where p.subscription_id = s.id)
                        on conflict do nothing
                        """,
                        first
                    ) > 0;
            },
            cancellationToken
        );

    /// <summary>Takes topics that are due to be polled; until then no other process does.</summary>
    public Task<IReadOnlyList<PollRow>> TakePollsAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.WriteAsync(
            session =>
                session.QueryAsync<PollRow>(
                    $$"""
                    update {polls} set due = @until where subscription_id in (
                      select subscription_id from {polls} where due <= @now order by due limit @limit
                      {{(session.Dialect == SqlDialect.PostgreSql ? "for update skip locked" : "")}})
                    returning subscription_id, due, pause, etag, last_modified, body_hash, checked_at, found_at
                    """,
                    new
                    {
                        now = DatabaseTime.From(now),
                        until = DatabaseTime.From(until),
                        limit,
                    }
                ),
            cancellationToken
        );

    /// <summary>Saves what a poll has shown.</summary>
    public Task<bool> SavePollAsync(PollRow row, CancellationToken cancellationToken) =>
        ChangesAsync(
            """
            update {polls} set due = @Due, pause = @Pause, etag = @Etag, last_modified = @LastModified, body_hash = @BodyHash,
              checked_at = @CheckedAt, found_at = @FoundAt
            where subscription_id = @SubscriptionId
            """,
            row,
            cancellationToken
        );

    private static string Text(Guid id) => id.ToString("D");

    private Task<bool> ChangesAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        database.WriteAsync(async session => await session.ExecuteAsync(sql, parameters) > 0, cancellationToken);

    private async Task<IReadOnlyList<Guid>> IdsAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(session => session.QueryAsync<string>(sql, parameters), cancellationToken)).Select(Guid.Parse)];
}
