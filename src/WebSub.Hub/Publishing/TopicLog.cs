using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Appends content to topics' logs. It writes the content once, an entry, the head, and on PostgreSQL one work row, whatever the number of
/// subscribers (rules 1, 2). Appends that arrive together share one transaction. After the commit the topics' lanes are woken.
/// </summary>
internal sealed class TopicLog : IAsyncDisposable
{
    private readonly GroupWriter<Pending> _writer;
    private readonly LogAnnouncer _announcer;
    private readonly HubMetrics _metrics;
    private readonly HubEvents _events;

    /// <summary>How many publishes wait for their commit.</summary>
    public int Waiting => _writer.Waiting;

    public TopicLog(HubDatabase database, LogAnnouncer announcer, HubMetrics metrics, HubEvents events)
    {
        (_announcer, _metrics, _events) = (announcer, metrics, events);
        _writer = new(database.Db, p => p.Append.Body.Length, AppendGroupAsync);
    }

    /// <summary>
    /// Appends content whether or not it differs from the newest entry, and returns its sequence once it is durable; null if the topic no
    /// longer exists.
    /// </summary>
    public async Task<long?> AppendAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        var pending = new Pending(append);
        await _writer.WriteAsync(pending, cancellationToken);
        if (pending.Sequence is { } sequence)
            Announce(append, sequence);
        return pending.Sequence;
    }

    /// <summary>
    /// Appends content within the caller's transaction; null if it is the same as the newest entry (rule 4). Call <see cref="Announce"/>
    /// after the commit.
    /// </summary>
    public static Task<long?> AppendChangedAsync(DbSession session, PendingAppend append) => AppendAsync(session, append, always: false);

    /// <summary>Announces a committed entry.</summary>
    public void Announce(PendingAppend append, long sequence)
    {
        _metrics.Published(append.Source == EntrySource.Push ? "push" : "ping");
        _announcer.Announce(
            new()
            {
                TopicId = append.TopicId,
                Sequence = sequence,
                ContentType = append.ContentType,
                Body = append.Body,
                Diff = append.DiffAt(sequence),
                Trace = append.Trace,
                PublishedAt = append.PublishedAt,
            }
        );
        if (_events.IsHeard)
            Tell(append, sequence);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private void Tell(PendingAppend append, long sequence) =>
        _events.TellUpdate(
            append.TopicId,
            new()
            {
                Topic = "",
                DeliveryId = PublicIds.OfDelivery(append.TopicId, sequence),
                Source = append.Source == EntrySource.Push ? WebSubHubUpdateSource.Pushed : WebSubHubUpdateSource.Fetched,
                ContentType = append.ContentType,
                Length = append.Body.Length,
                At = append.PublishedAt.ToMoment(),
            }
        );

    private static async Task AppendGroupAsync(DbSession session, IReadOnlyList<Pending> group)
    {
        if (session.Dialect == SqlDialect.PostgreSql && group.Count > 1 && group.All(p => p.IsPlain))
        {
            await AppendTogetherAsync(session, group);
            return;
        }

        // In id order, so that two nodes never wait for each other's topics (rule 1).
        foreach (var pending in group.OrderBy(p => p.Append.TopicId.Value))
            pending.Sequence = await AppendAsync(session, pending.Append, always: true);
    }

    /// <summary>What many publishers push at the same time takes no more round trips than what one does.</summary>
    private static async Task AppendTogetherAsync(DbSession session, IReadOnlyList<Pending> group)
    {
        var heads = await TopicStore.RaiseHeadsAsync(session, group.ToLookup(p => p.Append.TopicId, p => p.Append.Hash));
        var added = new List<(EntryRow, NewContent)>();
        foreach (var topic in group.GroupBy(p => p.Append.TopicId))
        {
            long? before = heads.TryGetValue(topic.Key, out var head) ? head - topic.Count() : null;
            foreach (var (place, pending) in topic.Index())
            {
                pending.Sequence = before + place + 1;
                if (pending is { Append: var append, Sequence: { } sequence })
                    added.Add((EntryOf(append, sequence), new(append.ContentType, append.Body, append.Hash)));
            }
        }

        if (added.Count > 0)
            await EntryStore.AddTogetherAsync(session, added);
    }

    private static EntryRow EntryOf(PendingAppend append, long sequence, long contentId = 0) =>
        new(append.TopicId, sequence, contentId, append.Source == EntrySource.Push ? "push" : "ping", append.PublishedAt)
        {
            Trace = TraceText.Of(append.Trace),
        };

    private static async Task<long?> AppendAsync(DbSession session, PendingAppend append, bool always)
    {
        if (await TopicStore.RaiseHeadAsync(session, append.TopicId, append.Hash, always) is not { Sequence: var sequence })
            return null;

        var contentId = await EntryStore.AddContentAsync(session, append.ContentType, append.Body, append.Hash);
        var diffId = append.DiffAt(sequence) is { } diff
            ? await EntryStore.AddContentAsync(session, append.ContentType, diff, append.Hash)
            : (long?)null;
        await EntryStore.AddAsync(session, EntryOf(append, sequence, contentId) with { DiffId = diffId });
        if (append.With is { } with)
            await with(session);
        return sequence;
    }

    private sealed class Pending(PendingAppend append)
    {
        public PendingAppend Append { get; } = append;

        public long? Sequence { get; set; }

        /// <summary>Whether nothing but a small content is stored.</summary>
        public bool IsPlain => Append is { Diff: null, With: null } && Append.Body.Length <= LogEntry.MaxCarried;
    }
}
