using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Predicates;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <inheritdoc cref="IHubAdministration"/>
internal sealed class HubAdministration(
    OperatorStore store,
    NodeStore nodes,
    ExplanationStore explanations,
    InspectionStore inspection,
    ActionStore actions,
    ActionSignal signal,
    HandPublishing publishing,
    KeyIssuer keys,
    OverviewReader overview,
    SendGate gate,
    RecentAttempts recent,
    DeliveryMinutes minutes,
    HubDatabase database,
    HubNode node,
    IOptions<HubOptions> options,
    HubClock time
) : IHubAdministration
{
    private const int MaxReason = 1000;
    private const int MaxAttempts = 20;

    /// <inheritdoc/>
    public Task<HubOverview> GetOverviewAsync(CancellationToken cancellationToken = default) => overview.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<HubPage<HubTopic>> ListTopicsAsync(
        HubTopicFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    )
    {
        filter ??= new();
        TopicId? lookedAt = null;
        var page = await PageAsync(
            paging,
            async (after, take) =>
            {
                (var topics, lookedAt) = await store.TopicsAsync(filter, null, after, take, cancellationToken);
                return topics;
            },
            t => KeyOf(t.Id)
        );
        return page.Next is null && lookedAt is { } last ? page with { Next = PublicIds.OfNumber(last.Value) } : page;
    }

    /// <inheritdoc/>
    public async Task<HubTopic?> FindTopicAsync(string id, CancellationToken cancellationToken = default) =>
        PublicIds.Topic(id) is { } topic ? First((await store.TopicsAsync(new(), topic, 0, 1, cancellationToken)).Topics) : null;

    /// <inheritdoc/>
    public async Task<HubPage<HubEntry>?> ListEntriesAsync(
        string topicId,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    ) =>
        await FindTopicAsync(topicId, cancellationToken) is null
            ? null
            : await PageAsync(
                paging,
                (before, take) =>
                    inspection.EntriesAsync(PublicIds.Topic(topicId)!.Value, before == 0 ? long.MaxValue : before, take, cancellationToken),
                e => PublicIds.OfNumber(e.Sequence)
            );

    /// <inheritdoc/>
    public async Task<HubEntry?> FindEntryAsync(string topicId, long sequence, CancellationToken cancellationToken = default) =>
        await FindTopicAsync(topicId, cancellationToken) is not null
        && await inspection.FindEntryAsync(PublicIds.Topic(topicId)!.Value, sequence, EntryPreview.MaxBytes, cancellationToken)
            is var (entry, start)
            ? entry with
            {
                Preview = EntryPreview.Of(start, entry.ContentType),
            }
            : null;

    /// <inheritdoc/>
    public Task<HubPage<HubSubscription>> ListSubscriptionsAsync(
        HubSubscriptionFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    ) =>
        PageAsync(
            paging,
            (after, take) => store.SubscriptionsAsync(filter ?? new(), null, after, take, DatabaseTime.Now(time), cancellationToken),
            s => s.Id.Split('-')[0]
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<HubSubscription>> ListFurthestBehindAsync(
        string? topic = null,
        int limit = HubPaging.UsualLimit,
        bool longestFirst = false,
        CancellationToken cancellationToken = default
    ) => store.FurthestBehindAsync(topic, longestFirst, Checked(new(null, limit)).Limit, DatabaseTime.Now(time), cancellationToken);

    /// <inheritdoc/>
    public async Task<HubSubscription?> FindSubscriptionAsync(string id, CancellationToken cancellationToken = default) =>
        PublicIds.Subscription(id) is { } known
            ? First(await store.SubscriptionsAsync(new(), known, 0, 1, DatabaseTime.Now(time), cancellationToken))
            : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HubAttempt>?> ListAttemptsAsync(string subscriptionId, CancellationToken cancellationToken = default) =>
        PublicIds.Subscription(subscriptionId) is var (id, createdAt)
        && await store.FailuresAsync((id, createdAt), cancellationToken) is { } failures
            ? Merge(failures, recent.Of(new(id), new(createdAt), MaxAttempts))
            : null;

    /// <summary>
    /// Failures are stored, by whichever node. What was accepted, what a replay failed with and what is saved within a second are known to
    /// the node that made the attempt.
    /// </summary>
    private static List<HubAttempt> Merge(IReadOnlyList<HubAttempt> stored, IReadOnlyList<EndedAttempt> remembered)
    {
        // An attempt is stored after it is remembered.
        var storedUntil = stored.GroupBy(f => f.Sequence).ToDictionary(g => g.Key, g => g.Max(f => f.EndedAt));
        var others = remembered
            .Select(Describe)
            .Where(a => a.IsDelivered || !storedUntil.TryGetValue(a.Sequence, out var until) || a.EndedAt > until);
        return [.. stored.Concat(others).OrderByDescending(a => a.EndedAt).Take(MaxAttempts)];
    }

    /// <inheritdoc/>
    public Task<HubPage<HubPattern>> ListPatternsAsync(
        HubPatternFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    )
    {
        filter ??= new();
        var covering = filter.Predicate is null ? null : PatternStore.PatternsThatCover(KeyOfPredicate(filter.Predicate)).ToList();
        var subscription = filter.SubscriptionId is null
            ? ((long, long)?)null
            : PublicIds.Subscription(filter.SubscriptionId) ?? throw NoSubscription();
        return PageAsync(
            paging,
            (after, take) =>
                inspection.PatternsAsync(filter.Callback, covering, subscription, after, take, DatabaseTime.Now(time), cancellationToken),
            p => p.Id
        );
    }

    /// <inheritdoc/>
    public Task<HubPage<HubRequest>> ListRequestsAsync(HubPaging? paging = null, CancellationToken cancellationToken = default) =>
        PageAsync(paging, (after, take) => store.RequestsAsync(after, take, cancellationToken), r => r.Id);

    /// <inheritdoc/>
    public async Task<HubPage<HubDeadLetter>> ListDeadLettersAsync(
        HubDeadLetterFilter? filter = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    )
    {
        filter ??= new();
        CheckSpan(filter);
        var origin = OriginOf(filter.Origin, "origin");
        var pair = await PairOfAsync(filter, cancellationToken);
        if (pair is null && filter.Subscription is not null)
            return new([], null);
        var isByTime = OperatorStore.IsByTime(filter);
        return await PageAsync<HubDeadLetter, (DatabaseTime, long)>(
            paging,
            (after, take) => store.DeadLettersAsync(filter, origin, pair, after, take, cancellationToken),
            text => ReadPlace(text, isByTime),
            d => isByTime ? $"{DatabaseTime.From(d.CreatedAt).Microseconds}-{d.Id}" : d.Id
        );
    }

    private static void CheckSpan(HubDeadLetterFilter filter)
    {
        if (filter.From >= filter.To)
            throw new HubFieldException("to", "It must be later than from.");
    }

    /// <summary>The topic and the callback of a filter's subscription; null if it has none, or that is gone.</summary>
    private async Task<(TopicId TopicId, string Callback)?> PairOfAsync(HubDeadLetterFilter filter, CancellationToken cancellationToken)
    {
        if (filter.Subscription is null)
            return null;
        var id = PublicIds.Subscription(filter.Subscription) ?? throw NoSubscription();
        return await store.FindSubscriptionAsync(id, cancellationToken) is var (topicId, _, callback) ? (topicId, callback) : null;
    }

    private static HubFieldException NoSubscription() => new("subscription", "It must be the id of a subscription.");

    /// <summary>Where a page of dead letters ended: an id, or a time and an id.</summary>
    private static (DatabaseTime, long)? ReadPlace(string text, bool isByTime) =>
        isByTime
            ? PublicIds.Subscription(text) is var (at, id)
                ? (new DatabaseTime(at), id)
                : null
            : PublicIds.Number(text) is { } only
                ? (DatabaseTime.Epoch, only)
                : null;

    /// <inheritdoc/>
    public Task<HubPage<HubLane>> ListLanesAsync(
        string? topic = null,
        HubPaging? paging = null,
        CancellationToken cancellationToken = default
    ) =>
        PageAsync(
            paging,
            (after, take) => store.LanesAsync(topic, after, take, database.IsShared ? null : node.Name, cancellationToken),
            l => l.Id
        );

    /// <inheritdoc/>
    public async Task<HubPage<HubOrigin>> ListOriginsAsync(HubPaging? paging = null, CancellationToken cancellationToken = default)
    {
        paging = Checked(paging);
        var paused = (await store.PausedOriginsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var seen = gate.Origins().ToDictionary(o => o.Origin, StringComparer.Ordinal);
        var hour = await minutes.OriginsAsync(cancellationToken);
        List<HubOrigin> found =
        [
            .. paused
                .Union(seen.Keys)
                .Union(hour.Where(o => o.Value.Failed > 0).Select(o => o.Key))
                .Where(o => paging.After is null || string.CompareOrdinal(o, paging.After) > 0)
                .Order(StringComparer.Ordinal)
                .Take(paging.Limit + 1)
                .Select(o => Describe(o, paused.Contains(o), seen.GetValueOrDefault(o), hour.GetValueOrDefault(o))),
        ];
        return PageOf(found, paging.Limit, o => o.Origin);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HubNodeState>> ListNodesAsync(CancellationToken cancellationToken = default)
    {
        var lanes = (await store.HoldersAsync(cancellationToken))
            .Where(h => h.Name is not null || !database.IsShared)
            .GroupBy(h => h.Name ?? node.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(h => h.Lanes), StringComparer.Ordinal);
        var living = database.IsShared ? await nodes.LivingAsync(cancellationToken) : [NodeRow.Of(node)];
        var rows = living.ToDictionary(n => n.Name, StringComparer.Ordinal);
        return
        [
            .. lanes
                .Keys.Union(rows.Keys, StringComparer.Ordinal)
                .Append(node.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(n => Describe(n, lanes.GetValueOrDefault(n), rows.GetValueOrDefault(n))),
        ];
    }

    private HubNodeState Describe(string name, long lanes, NodeRow? row) =>
        new()
        {
            Name = name,
            IsThis = name == node.Name,
            Lanes = lanes,
            StartedAt = row?.StartedAt.ToMoment(),
            Version = row?.Version,
            Roles = Enum.TryParse<HubRoles>(row?.Roles, out var roles) ? roles : null,
        };

    /// <inheritdoc/>
    public Task<HubPage<HubAction>> ListActionsAsync(
        HubPaging? paging = null,
        bool newestFirst = false,
        CancellationToken cancellationToken = default
    ) =>
        PageAsync(
            paging,
            (after, take) =>
                newestFirst
                    ? store.NewestActionsAsync(after == 0 ? long.MaxValue : after, take, cancellationToken)
                    : store.ActionsAsync(null, after, take, cancellationToken),
            a => a.Id
        );

    /// <inheritdoc/>
    public async Task<HubAction?> FindActionAsync(string id, CancellationToken cancellationToken = default) =>
        PublicIds.Number(id) is { } known ? First(await store.ActionsAsync(known, 0, 1, cancellationToken)) : null;

    /// <inheritdoc/>
    public async Task<HubExplanation> ExplainAsync(
        string topic,
        string callback,
        string? update = null,
        CancellationToken cancellationToken = default
    )
    {
        var (ofTopic, sequence) = UpdateOf(update);
        var pair = await explanations.ReadAsync(topic, callback, sequence, DatabaseTime.Now(time), cancellationToken);
        var subscription = pair.Subscription ?? pair.Past?.Subscription;
        if (ofTopic is not null && (pair.KnownTopic?.Id ?? subscription?.TopicId) is { } known && known != ofTopic)
            throw new HubFieldException("update", $"It is an update of another topic: those of this one begin with {known}/.");
        var origin = CallbackOrigin.Of(callback)?.Name;
        return Explaining.Explain(
            pair with
            {
                // A dead letter is kept that long, and what became of it for as long again.
                RecordedSince = pair.Now - (2 * TimeSpan.FromDays(options.Value.History.Days)),
                SilentOrigin = gate.Origins().FirstOrDefault(o => o.IsSilent && o.Origin == origin)?.Origin,
            }
        );
    }

    /// <inheritdoc/>
    public async Task<HubExplanation?> ExplainSubscriptionAsync(
        string id,
        string? topic = null,
        string? update = null,
        CancellationToken cancellationToken = default
    ) =>
        PublicIds.Subscription(id) is { } known && await store.FindSubscriptionAsync(known, cancellationToken) is var (_, own, callback)
            ? await ExplainAsync(topic ?? own, callback, update, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<HubAction?> RequestAsync(HubActionRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckReason(request.Reason);
        var row = new ActionRow
        {
            Kind = request.Kind.ToString(),
            Target = request.Target,
            Reason = request.Reason,
            RequestedBy = request.By,
            RequestedAt = DatabaseTime.Now(time),
        };
        return await StoreAsync(request, row, cancellationToken) is { } id
            ? (await store.ActionsAsync(id, 0, 1, cancellationToken))[0]
            : null;
    }

    private async Task<long?> StoreAsync(HubActionRequest request, ActionRow row, CancellationToken cancellationToken)
    {
        if (request.Kind is HubActionKind.FetchTopic or HubActionKind.Publish)
        {
            if (await FindTopicAsync(request.Target, cancellationToken) is not { } topic)
                return null;
            return request.Kind == HubActionKind.FetchTopic
                ? await publishing.FetchAsync(row, topic, cancellationToken)
                : await publishing.PublishAsync(row, request, PublicIds.Topic(topic.Id)!.Value, cancellationToken);
        }

        if (
            await ResolveAsync(request, row, cancellationToken) is not { } resolved
            || await actions.AddAsync(resolved, cancellationToken) is not { } id
        )
            return null;
        signal.Raise();
        return id;
    }

    /// <inheritdoc/>
    public async Task<HubPage<HubKey>> ListKeysAsync(HubPaging? paging = null, CancellationToken cancellationToken = default)
    {
        paging = Checked(paging);
        var found = (await keys.AllAsync(cancellationToken))
            .Where(k => paging.After is null || string.CompareOrdinal(k.Name, paging.After) > 0)
            .OrderBy(k => k.Name, StringComparer.Ordinal)
            .Take(paging.Limit + 1);
        return PageOf([.. found], paging.Limit, k => k.Name);
    }

    /// <inheritdoc/>
    public Task<HubNewKey?> CreateKeyAsync(HubKeyRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckReason(request.Reason);
        return keys.CreateAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<HubKey?> DisableKeyAsync(string name, string by, string? reason = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(by);
        CheckReason(reason);
        return keys.DisableAsync(name, by, reason, cancellationToken);
    }

    /// <summary>What a request is about; null if it cannot be there.</summary>
    private async Task<ActionRow?> ResolveAsync(HubActionRequest request, ActionRow row, CancellationToken cancellationToken)
    {
        switch (request.Kind)
        {
            case HubActionKind.PauseTopic or HubActionKind.ResumeTopic:
                return PublicIds.Topic(request.Target) is { } topic ? row with { TopicId = topic } : null;

            case HubActionKind.PauseOrigin
            or HubActionKind.ResumeOrigin:
                var origin = OriginOf(request.Target, "origin")!.Name;
                return row with { Origin = origin, Target = origin };

            case HubActionKind.DeleteDeadLetter
            or HubActionKind.Redeliver:
                return PublicIds.Number(request.Target) is { } letter ? row with { First = letter } : null;

            case HubActionKind.RedeliverAll:
                return await ResolveAllAsync(request.DeadLetters ?? new(), row, cancellationToken);

            case HubActionKind.CreateKey
            or HubActionKind.DisableKey:
                throw new HubFieldException("kind", "Keys have methods of their own.");

            case HubActionKind.Replay:
                return await ResolveReplayAsync(request, row, cancellationToken);

            default:
                return PublicIds.Subscription(request.Target) is var (id, createdAt) ? row with { First = id, Last = createdAt } : null;
        }
    }

    private async Task<ActionRow?> ResolveAllAsync(HubDeadLetterFilter filter, ActionRow row, CancellationToken cancellationToken)
    {
        if (filter is { Topic: null, Origin: null, From: null, To: null, Subscription: null })
            throw new HubFieldException("topic", "Say which: topic, origin, subscription, from or to.");
        if (filter.Topic is "")
            throw new HubFieldException("topic", "It must not be empty.");
        CheckSpan(filter);
        var origin = OriginOf(filter.Origin, "origin");
        var pair = await PairOfAsync(filter, cancellationToken);
        if (pair is null && filter.Subscription is not null)
            return null;
        var topic = pair?.TopicId;
        if (filter.Topic is not null)
        {
            topic = await store.FindTopicAsync(filter.Topic, cancellationToken);
            if (topic is null)
                return null;
            if (pair is not null && topic != pair.Value.TopicId)
                throw new HubFieldException("topic", "It is not the topic of the subscription.");
        }

        return row with
        {
            Target = filter.Subscription ?? filter.Topic ?? origin?.Name ?? "all",
            TopicId = topic,
            Callback = pair?.Callback,
            Origin = origin?.Name,
            CreatedFrom = DatabaseTime.From(filter.From),
            CreatedTo = DatabaseTime.From(filter.To),
        };
    }

    private async Task<ActionRow?> ResolveReplayAsync(HubActionRequest request, ActionRow row, CancellationToken cancellationToken)
    {
        if (request.FirstSequence is not { } first || first < 1)
            throw new HubFieldException("from", "It must be the sequence of the first entry, from 1.");
        if (request.LastSequence < first)
            throw new HubFieldException("to", "It must not be less than from.");
        if (
            PublicIds.Subscription(request.Target) is not { } id
            || await store.FindSubscriptionAsync(id, cancellationToken) is not var (topicId, _, callback)
        )
            return null;
        return row with { TopicId = topicId, Callback = callback, First = first, Last = request.LastSequence ?? long.MaxValue };
    }

    private static void CheckReason(string? reason)
    {
        if (reason?.Length > MaxReason)
            throw new HubFieldException("reason", $"A reason has at most {MaxReason} characters.");
    }

    private static (string? TopicId, long? Sequence) UpdateOf(string? update)
    {
        if (update is null)
            return (null, null);
        var slash = update.IndexOf('/', StringComparison.Ordinal);
        return PublicIds.Number(update[(slash + 1)..]) is { } sequence && (slash < 0 || PublicIds.Topic(update[..slash]) is not null)
            ? (slash < 0 ? null : update[..slash], sequence)
            : throw new HubFieldException("update", "It must be a delivery id, such as 137e7ef77a098771/42, or the number in it.");
    }

    private static CallbackOrigin? OriginOf(string? origin, string name) =>
        origin is null
            ? null
            : CallbackOrigin.Parse(origin)
                ?? throw new HubFieldException(name, "It must be an origin, such as https://subscriber.example or http://10.0.0.1:8080.");

    private static string KeyOfPredicate(string text) =>
        Predicate.TryNormalize(text, out var key, out var error) ? key : throw new HubFieldException("predicate", error + ".");

    private static HubAttempt Describe(EndedAttempt attempt) =>
        new()
        {
            Sequence = attempt.Sequence,
            EndedAt = attempt.At.ToMoment(),
            DurationSeconds = Math.Round(attempt.Duration.TotalSeconds, 4),
            IsDelivered = attempt.Outcome.Result == DeliveryResult.Delivered,
            Status = attempt.Outcome.Status,
            Error = attempt.Outcome.Error,
        };

    private static HubOrigin Describe(string origin, bool isPaused, OriginState? state, (long Delivered, long Failed) hour) =>
        new()
        {
            Origin = origin,
            IsPaused = isPaused,
            Waiting = state?.Waiting ?? 0,
            InFlight = state?.InFlight ?? 0,
            Delivered = hour.Delivered,
            Failed = hour.Failed,
            IsSilent = state?.IsSilent ?? false,
            SecondsUntilProbe = Math.Round(state?.UntilProbe.TotalSeconds ?? 0, 1),
        };

    private static string KeyOf(string topicId) => PublicIds.OfNumber(PublicIds.Topic(topicId)!.Value.Value);

    private static T? First<T>(IReadOnlyList<T> found)
        where T : class => found.Count > 0 ? found[0] : null;

    private static Task<HubPage<T>> PageAsync<T>(HubPaging? paging, Func<long, int, Task<IReadOnlyList<T>>> read, Func<T, string> keyOf) =>
        PageAsync(paging, read, PublicIds.Number, keyOf);

    private static async Task<HubPage<T>> PageAsync<T, TPlace>(
        HubPaging? paging,
        Func<TPlace, int, Task<IReadOnlyList<T>>> read,
        Func<string, TPlace?> placeOf,
        Func<T, string> keyOf
    )
        where TPlace : struct
    {
        var (after, limit) = Checked(paging);
        var place = after is null
            ? default
            : placeOf(after) ?? throw new HubFieldException("after", "It must be what the page before gave as next.");
        return PageOf(await read(place, limit + 1), limit, keyOf);
    }

    private static HubPaging Checked(HubPaging? paging) =>
        paging is { Limit: < 1 or > HubPaging.MaxLimit }
            ? throw new HubFieldException("limit", $"It must be a number from 1 to {HubPaging.MaxLimit}.")
            : paging ?? new();

    private static HubPage<T> PageOf<T>(IReadOnlyList<T> read, int limit, Func<T, string> keyOf) =>
        read.Count > limit ? new([.. read.Take(limit)], keyOf(read[limit - 1])) : new(read, null);
}
