using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>
/// Takes notifications into the inbox. Deliveries that arrive together share a transaction and, on PostgreSQL, its round trips: however
/// many they are, it takes three and the commit.
/// </summary>
internal sealed class InboxArrivals(SubscriberDatabase database) : IAsyncDisposable
{
    private const string Insert =
        "insert into {inbox} (subscription_id, topic, delivery_id, replay, body_hash, callback_keys, headers, content_type, body, "
        + "received_at, source, state, due) ";

    private const string InsertOne =
        Insert
        + "values (@SubscriptionId, @Topic, @DeliveryId, @Replay, @BodyHash, @CallbackKeys, @Headers, @ContentType, @Body, "
        + "@ReceivedAt, @Source, 'Waiting', case when not exists (select 1 from {inbox} "
        + "where subscription_id = @SubscriptionId and state = 'Waiting') then @ReceivedAt end) on conflict do nothing";

    private const string InsertMany =
        Insert
        + "select subscription, topic, delivery, replay, hash, keys, headers, type, body, received_at, source, 'Waiting', "
        + "case when leads and not exists (select 1 from {inbox} i "
        + "where i.subscription_id = v.subscription and i.state = 'Waiting') then v.received_at end "
        + "from unnest(@subscriptions, @topics, @deliveries, @replays, @hashes, @keys, @headers, @types, @bodies, @times, @sources, "
        + "@leads) with ordinality as v (subscription, topic, delivery, replay, hash, keys, headers, type, body, received_at, source, "
        + "leads, place) order by place on conflict do nothing returning subscription_id, body_hash";

    private GroupWriter<Arrival>? _writer;

    // Not before the first use, as the database itself.
    private GroupWriter<Arrival> Writer =>
        LazyInitializer.EnsureInitialized(ref _writer, () => new(database.Database, a => a.Row.Body.Length, AddTogetherAsync));

    /// <summary>
    /// Stores a delivery unless it is a repeat of one that is kept, or its subscription is not what it was judged by any more.
    /// </summary>
    public async Task<ArrivalResult> AddAsync(Arrival arrival, CancellationToken cancellationToken)
    {
        await database.EnsureReadyAsync(cancellationToken);
        await Writer.WriteAsync(arrival, cancellationToken);
        return arrival.Result;
    }

    /// <summary>
    /// Stores a notification that the hub did not deliver. False if its delivery id, or its content within a window, is there already.
    /// </summary>
    public Task<bool> AddFoundAsync(InboxRow row, RepeatRule rule, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async session =>
            {
                var mark = new DeliveryMark(row.DeliveryId, row.Replay, null, false, row.ReceivedAt.ToMoment());
                var arrival = new Arrival(row, mark, rule, 0);
                await StoreAsync(session, [arrival], await ReadAsync(session, [row.SubscriptionId], [], [arrival]));
                return arrival.Result == ArrivalResult.New;
            },
            cancellationToken
        );

    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Stores deliveries, within a transaction.</summary>
    internal static async Task AddTogetherAsync(DbSession session, IReadOnlyList<Arrival> group)
    {
        // In the order of their ids, so that two processes never wait for each other's.
        var subscriptions = group.Select(a => a.Row.SubscriptionId).Distinct().ToArray();
        var versions = new Dictionary<string, long>();
        foreach (var wave in ArrivalWaves.Of(group))
        {
            // All are locked with the first wave, and stay as they are.
            var earlier = await ReadAsync(session, subscriptions, versions, wave);
            subscriptions = [];
            var current = new List<Arrival>(wave.Count);
            foreach (var arrival in wave)
            {
                if (versions.TryGetValue(arrival.Row.SubscriptionId, out var version) && version == arrival.Version)
                    current.Add(arrival);
                else
                    arrival.Result = ArrivalResult.Changed;
            }

            if (current.Count == 0)
                continue;
            await DeliveryCount.AddAsync(session, DeliveryRun.Of(current.Select(a => a.Row)));
            await StoreAsync(session, current, earlier);
        }
    }

    /// <summary>Stores what is new of deliveries of which no two have the same body and subscription.</summary>
    private static async Task StoreAsync(
        DbSession session,
        IReadOnlyList<Arrival> wave,
        ILookup<(string Subscription, string Hash), EarlierDelivery> earlier
    )
    {
        var added = new List<Arrival>(wave.Count);
        foreach (var arrival in wave)
        {
            arrival.Result = ArrivalResult.Repeat;
            var verdict = arrival.Rule.Judge(arrival.Mark, [.. earlier[(arrival.Row.SubscriptionId, arrival.Row.BodyHash)]]);
            if (verdict.Half is { Key: var id })
            {
                await session.ExecuteAsync(
                    "update {inbox} set callback_keys = callback_keys || @key where id = @id",
                    new { id, key = arrival.Mark.CallbackKey + " " }
                );
            }

            if (verdict.IsNew)
                added.Add(arrival);
        }

        if (added.Count > 0)
            await InsertAsync(session, added);
    }

    /// <summary>
    /// Locks subscriptions, and notes their versions, of which one that is gone has none. Returns what is kept with the same bodies, oldest
    /// first.
    /// </summary>
    // A topic that says the same for days has many of them; the newest ones decide, and the unique index knows every id.
    private static async Task<ILookup<(string Subscription, string Hash), EarlierDelivery>> ReadAsync(
        DbSession session,
        string[] subscriptions,
        Dictionary<string, long> versions,
        IReadOnlyList<Arrival> wave
    )
    {
        const string Kept =
            "select id, subscription_id, body_hash, delivery_id, replay, callback_keys, received_at from {inbox} where subscription_id = ";
        const string Newest = " order by received_at desc, id desc limit 100";
        var rows = new List<RepeatRow>();
        if (session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ReadTogetherAsync(
                $$"""
                select id, version from {subscriptions} where id = any(@subscriptions) order by id for update;
                select same.* from unnest(@owners, @hashes) as v (owner, hash),
                  lateral ({{Kept}} v.owner and body_hash = v.hash {{Newest}}) same
                """,
                new
                {
                    subscriptions,
                    owners = wave.Select(a => a.Row.SubscriptionId).ToArray(),
                    hashes = wave.Select(a => a.Row.BodyHash).ToArray(),
                },
                async sets =>
                {
                    foreach (var (id, version) in await sets.ReadAsync<(string, long)>())
                        versions[id] = version;
                    rows.AddRange(await sets.ReadAsync<RepeatRow>());
                    return true;
                }
            );
        }
        else
        {
            foreach (var id in subscriptions)
            {
                if (await session.ScalarAsync<long?>("select version from {subscriptions} where id = @id", new { id }) is { } version)
                    versions[id] = version;
            }

            foreach (var arrival in wave)
                rows.AddRange(
                    await session.QueryAsync<RepeatRow>($"{Kept} @SubscriptionId and body_hash = @BodyHash {Newest}", arrival.Row)
                );
        }

        return rows.OrderBy(r => r.ReceivedAt.Microseconds)
            .ThenBy(r => r.Id)
            .ToLookup(r => (r.SubscriptionId, r.BodyHash), r => r.ToEarlier());
    }

    /// <summary>Stores deliveries; a conflict with the index is a repeat of one that is older than the newest with its body.</summary>
    private static async Task InsertAsync(DbSession session, IReadOnlyList<Arrival> added)
    {
        if (session.Dialect == SqlDialect.Sqlite)
        {
            foreach (var arrival in added)
            {
                if (await session.ExecuteAsync(InsertOne, arrival.Row) == 1)
                    arrival.Result = ArrivalResult.New;
            }

            return;
        }

        // The first of a subscription that has none waiting is due.
        var leads = added.DistinctBy(a => a.Row.SubscriptionId).ToHashSet();
        var stored = await session.ReadAsync(
            InsertMany,
            new
            {
                subscriptions = added.Select(a => a.Row.SubscriptionId).ToArray(),
                topics = added.Select(a => a.Row.Topic).ToArray(),
                deliveries = added.Select(a => a.Row.DeliveryId).ToArray(),
                replays = added.Select(a => a.Row.Replay).ToArray(),
                hashes = added.Select(a => a.Row.BodyHash).ToArray(),
                keys = added.Select(a => a.Row.CallbackKeys).ToArray(),
                headers = added.Select(a => a.Row.Headers).ToArray(),
                types = added.Select(a => a.Row.ContentType).ToArray(),
                bodies = added.Select(a => a.Row.Body).ToArray(),
                times = added.Select(a => a.Row.ReceivedAt.Microseconds).ToArray(),
                sources = added.Select(a => a.Row.Source).ToArray(),
                leads = added.Select(leads.Contains).ToArray(),
            },
            row => (row.GetString(0), row.GetString(1))
        );
        var isStored = stored.ToHashSet();
        foreach (var arrival in added.Where(a => isStored.Contains((a.Row.SubscriptionId, a.Row.BodyHash))))
            arrival.Result = ArrivalResult.New;
        foreach (var lead in leads.Where(l => l.Result != ArrivalResult.New))
            await InboxStore.MakeNextDueAsync(session, lead.Row.SubscriptionId, lead.Row.ReceivedAt.ToMoment());
    }
}
