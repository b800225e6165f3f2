using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Stores what verified subscribe requests asked for. Those that are verified at about the same time share a transaction, and statements.
/// </summary>
internal sealed class ActivationStore : IAsyncDisposable
{
    /// <summary>A publish to one of their topics waits for the transaction.</summary>
    private const int MaxGroup = 128;

    private const string Renewed =
        "topic_id bigint, callback text, head bigint, lease_seconds bigint, lease_end bigint, signature_method text, content text, "
        + "delivery text, parameters text, verified_at bigint, secret bytea, now bigint";

    private const string Added =
        "topic_id bigint, lane_id bigint, callback text, callback_host text, secret bytea, signature_method text, content text, "
        + "delivery text, full_until bigint, lease_seconds bigint, lease_end bigint, parameters text, created_at bigint, "
        + "verified_at bigint, position bigint, due bigint, now bigint, pause_topic text, pause_origin text";

    private readonly GroupWriter<Verified> _writer;

    public ActivationStore(HubDatabase database) => _writer = new(database.Db, _ => 1, ActivateAsync) { MaxGroup = MaxGroup };

    /// <summary>
    /// Stores what a verified subscribe request asked for and ends the request. A new subscription starts un-joined at the topic's head,
    /// under a share lock on the topic, so it can neither miss an entry nor get an older one (rule 8); one before the head if it wants the
    /// current content. A known one gets the new lease, secret and options, and the current content once more if it wants that; nothing
    /// else. Returns the topic's id, or null if a newer request took this one's place.
    /// </summary>
    public async Task<TopicId?> ActivateAsync(Activation activation, CancellationToken cancellationToken)
    {
        var verified = new Verified(activation);
        await _writer.WriteAsync(verified, cancellationToken);
        return verified.TopicId;
    }

    /// <summary>The same inside a caller's transaction, for requests that are not stored any more.</summary>
    public static async Task<IReadOnlyDictionary<string, HeldTopic>> ActivateAsync(DbSession session, IReadOnlyList<Activation> activations)
    {
        await PauseStore.KeepAsync(session);
        var topics = await TopicStore.HoldOrAddAsync(
            session,
            [.. activations.Select(a => a.Request.Topic).Distinct(StringComparer.Ordinal)],
            activations[0].Now
        );
        foreach (var topic in activations.Where(a => a.Request.Initial && topics[a.Request.Topic].Head == 0))
            await TopicStore.MakeDueAsync(session, topics[topic.Request.Topic].Id, topic.Now);

        var known = await RenewAsync(session, activations, topics);
        var begins = new List<Beginning>();
        foreach (var activation in activations)
        {
            var topic = topics[activation.Request.Topic];
            if (!known.TryGetValue((topic.Id, activation.Request.Callback), out var lane))
                begins.Add(
                    new(activation, topic) { Position = activation.Request.Initial && topic.Head > 0 ? topic.Head - 1 : topic.Head }
                );
            else if (activation.Request.Initial && topic.Head > 0 && !await StepBackAsync(session, activation, topic))
                begins.Add(await BeginAgainAsync(session, activation, topic, lane));
        }

        if (begins.Count > 0)
            await AddAsync(session, await WithLanesAsync(session, begins));
        return topics;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static async Task ActivateAsync(DbSession session, IReadOnlyList<Verified> group)
    {
        var finished = await RequestStore.FinishAsync(session, [.. group.Select(v => v.Activation.Request)], group[0].Activation.Now);
        var counting = group.Where(v => finished.Contains(v.Activation.Request.Id)).ToList();
        var topics = counting.Count == 0 ? null : await ActivateAsync(session, counting.ConvertAll(v => v.Activation));
        foreach (var verified in group)
        {
            verified.TopicId = finished.Contains(verified.Activation.Request.Id) ? topics![verified.Activation.Request.Topic].Id : null;
        }
    }

    /// <summary>
    /// Gives those that are known their new lease, secret and options; returns them with their lanes. One whose lease had ended meanwhile
    /// was passed over: what comes next goes out in full (rule 24).
    /// </summary>
    private static async Task<IReadOnlyDictionary<(TopicId, string), LaneRow>> RenewAsync(
        DbSession session,
        IReadOnlyList<Activation> activations,
        IReadOnlyDictionary<string, HeldTopic> topics
    )
    {
        var renewed = await session.ReadAsync(
            $$"""
            update {subscriptions} set lease_seconds = v.lease_seconds, lease_end = v.lease_end, signature_method = v.signature_method,
              content = v.content, delivery = v.delivery, parameters = v.parameters, verified_at = v.verified_at,
              full_until = case when {subscriptions}.lease_end <= v.now and full_until < v.head + 1 then v.head + 1 else full_until end,
              version = version + case when {subscriptions}.secret {{session.Pick(
                "is",
                "is not distinct from"
            )}} v.secret then 0 else 1 end, secret = v.secret
            from {{JsonRows.As(session, Renewed)}}
            where {subscriptions}.topic_id = v.topic_id and {subscriptions}.callback = v.callback
            returning {subscriptions}.topic_id, {subscriptions}.callback, {subscriptions}.lane_id
            """,
            new
            {
                rows = JsonRows.Of(
                    activations.Select(a =>
                        new object?[]
                        {
                            topics[a.Request.Topic].Id.Value,
                            a.Request.Callback,
                            topics[a.Request.Topic].Head,
                            a.Request.LeaseSeconds,
                            a.LeaseEnd.Microseconds,
                            a.Request.SignatureMethod,
                            a.Request.Content,
                            a.Request.Delivery,
                            a.Request.Parameters,
                            a.VerifiedAt.Microseconds,
                            a.Request.Secret?.Bytes,
                            a.Now.Microseconds,
                        }
                    )
                ),
            },
            row => (Topic: new TopicId(row.GetInt64(0)), Callback: row.GetString(1), Lane: new LaneId(row.GetInt64(2)))
        );
        if (renewed.Count == 0)
            return new Dictionary<(TopicId, string), LaneRow>();
        var lanes = await session.QueryAsync<LaneRow>(
            $$"""update {lanes} set members_version = members_version + 1 where {{session.AnyOf("id", "ids")}} returning id, cursor""",
            new { ids = session.Ids(renewed.Select(r => r.Lane).Distinct()) }
        );
        var byId = lanes.ToDictionary(l => l.Id);
        return renewed.ToDictionary(r => (r.Topic, r.Callback), r => byId[r.Lane]);
    }

    /// <summary>
    /// Has a subscription that is un-joined try the newest entry as soon as it may: it waits for that already, or steps back to it. False
    /// if it is joined.
    /// </summary>
    private static async Task<bool> StepBackAsync(DbSession session, Activation activation, HeldTopic topic) =>
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set full_until = @Head, position = {{session.Pick("min", "least")}}(position, @Head - 1),
              due = case when position < @Head and claimed_by is not null then due when coalesce(not_before, 0) > @Now then not_before
                else @Now end,
              claimed_by = case when position < @Head then claimed_by end, epoch = epoch + case when position < @Head then 0 else 1 end
            where topic_id = @Id and callback = @Callback and position is not null
            """,
            new
            {
                topic.Id,
                topic.Head,
                activation.Request.Callback,
                activation.Now,
            }
        ) > 0;

    /// <summary>
    /// Only its run may un-join a subscription (rule 7). So it ends, and begins anew in its lane, where it had had everything for certain
    /// (rule 8).
    /// </summary>
    private static async Task<Beginning> BeginAgainAsync(DbSession session, Activation activation, HeldTopic topic, LaneRow lane)
    {
        var createdAt = await session.ScalarAsync<DatabaseTime>(
            "delete from {subscriptions} where topic_id = @Id and callback = @Callback returning created_at",
            new { topic.Id, activation.Request.Callback }
        );
        return new(activation, topic)
        {
            LaneId = lane.Id,
            Position = Math.Min(lane.Cursor, topic.Head - 1),
            FullUntil = topic.Head,
            CreatedAt = createdAt,
        };
    }

    private static async Task<IReadOnlyList<Beginning>> WithLanesAsync(DbSession session, IReadOnlyList<Beginning> begins)
    {
        var placed = begins.Where(b => b.LaneId is not null).ToList();
        foreach (var topic in begins.Where(b => b.LaneId is null).GroupBy(b => b.Topic).OrderBy(t => t.Key.Id.Value))
        {
            var lanes = await LaneRooms.TakeAsync(session, topic.Key.Id, topic.Key.Head, topic.Count());
            placed.AddRange(topic.Zip(lanes, (begin, lane) => begin with { LaneId = lane }));
        }

        return placed;
    }

    /// <summary>
    /// Stores new ones. One that has nothing to wait for needs no attempt to find that out: its lane's next run joins it, as long as the
    /// head is held here. Its epochs begin with the time, since SQLite uses ids again: an attempt made for the previous subscription with
    /// this id then never counts for this one.
    /// </summary>
    private static Task<int> AddAsync(DbSession session, IReadOnlyList<Beginning> begins)
    {
        var until = PauseStore.Until("v.pause_topic", "v.pause_origin");
        return session.ExecuteAsync(
            $$"""
            insert into {subscriptions} (topic_id, lane_id, callback, callback_host, secret, signature_method, content, delivery,
              full_until, lease_seconds, lease_end, parameters, created_at, verified_at, position, due, not_before, paused, epoch)
            select v.topic_id, v.lane_id, v.callback, v.callback_host, v.secret, v.signature_method, v.content, v.delivery,
              v.full_until, v.lease_seconds, v.lease_end, v.parameters, v.created_at, v.verified_at, v.position,
              coalesce({{until}}, v.due), {{until}}, {{PauseStore.Flags("v.pause_topic", "v.pause_origin")}}, v.now
            from {{JsonRows.As(session, Added)}}
            """,
            new
            {
                rows = JsonRows.Of(
                    begins.Select(b =>
                        new object?[]
                        {
                            b.Topic.Id.Value,
                            b.LaneId!.Value.Value,
                            b.Activation.Request.Callback,
                            b.Activation.Request.CallbackHost,
                            b.Activation.Request.Secret?.Bytes,
                            b.Activation.Request.SignatureMethod,
                            b.Activation.Request.Content,
                            b.Activation.Request.Delivery,
                            b.FullUntil ?? b.Position + 1,
                            b.Activation.Request.LeaseSeconds,
                            b.Activation.LeaseEnd.Microseconds,
                            b.Activation.Request.Parameters,
                            (b.CreatedAt ?? b.Activation.Now).Microseconds,
                            b.Activation.VerifiedAt.Microseconds,
                            b.Position,
                            b.Position < b.Topic.Head ? b.Activation.Now.Microseconds : null,
                            b.Activation.Now.Microseconds,
                            PauseStore.KeyOf(b.Topic.Id),
                            CallbackOrigin.Of(b.Activation.Request.Callback)?.Name,
                        }
                    )
                ),
            }
        );
    }

    /// <summary>Where a new subscription begins.</summary>
    private sealed record Beginning(Activation Activation, HeldTopic Topic)
    {
        /// <summary>Its lane; null as long as it has no place in one.</summary>
        public LaneId? LaneId { get; init; }

        /// <summary>The last entry it has had, or shall not get.</summary>
        public long Position { get; init; }

        /// <summary>The last entry that goes out in full whatever it had before; null for its first one.</summary>
        public long? FullUntil { get; init; }

        /// <summary>When it first began; null for now.</summary>
        public DatabaseTime? CreatedAt { get; init; }
    }

    private sealed class Verified(Activation activation)
    {
        public Activation Activation { get; } = activation;

        public TopicId? TopicId { get; set; }
    }
}
