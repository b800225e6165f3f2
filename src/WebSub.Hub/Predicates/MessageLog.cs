using System.Diagnostics;
using System.Security.Cryptography;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Appends messages to the logs of the topics with a member whose pattern covers them: the content once, one entry per topic (rule 31,
/// ADR 2). Messages that arrive together share one transaction.
/// </summary>
internal sealed class MessageLog : IAsyncDisposable
{
    private const string ContentType = "application/json";
    private readonly PatternIndex _index = new();
    private readonly GroupWriter<Pending> _writer;
    private readonly LogAnnouncer _announcer;
    private readonly HubMetrics _metrics;
    private readonly HubEvents _events;
    private readonly HubClock _time;

    /// <summary>How many publishes wait for their commit.</summary>
    public int Waiting => _writer.Waiting;

    public MessageLog(HubDatabase database, LogAnnouncer announcer, HubMetrics metrics, HubEvents events, HubClock time)
    {
        (_announcer, _metrics, _events, _time) = (announcer, metrics, events, time);
        _writer = new(database.Db, p => p.Events.Sum(e => e.Body.Length), AppendGroupAsync, _index.Forget);
    }

    /// <summary>
    /// Appends events in order and runs <paramref name="store"/> in the same transaction; if it returns false, they are not appended. Once
    /// this returns, both survive a crash.
    /// </summary>
    public async Task AppendAsync(
        IReadOnlyList<MessageEvent> events,
        Func<DbSession, Task<bool>> store,
        CancellationToken cancellationToken
    )
    {
        var pending = new Pending(events, store);
        await _writer.WriteAsync(pending, cancellationToken);
        foreach (var entry in pending.Entries)
        {
            _metrics.Published("message");
            _announcer.Announce(entry);
        }

        if (!_events.IsHeard || pending.StoredAt is not { } at)
            return;
        // The first event of a message is what was done; others only announce it.
        foreach (var message in events.DistinctBy(e => e.Reference))
            Tell(message, at);
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task AppendGroupAsync(DbSession session, IReadOnlyList<Pending> group)
    {
        await _index.RefreshAsync(session);
        var now = DatabaseTime.Now(_time);
        var entries = new List<(TopicId TopicId, Pending Pending, MessageEvent Event, byte[] Hash, long ContentId)>();
        foreach (var pending in group)
        {
            pending.Entries.Clear();
            pending.StoredAt = await pending.Store(session) ? now : null;
            if (pending.StoredAt is null)
                continue;
            foreach (var message in pending.Events)
            {
                var topics = _index.Match(message.PredicateKeys);
                if (topics.Count == 0)
                    continue;
                var hash = SHA256.HashData(message.Body);
                var contentId = await EntryStore.AddContentAsync(session, ContentType, message.Body, hash);
                foreach (var topic in topics)
                    entries.Add((topic, pending, message, hash, contentId));
            }
        }

        // In id order, so that two nodes never wait for each other's topics (rule 1). The sort is stable, so a topic gets its
        // messages in the order in which they came.
        foreach (var (topicId, pending, message, hash, contentId) in entries.OrderBy(e => e.TopicId.Value))
        {
            if (await TopicStore.RaiseHeadAsync(session, topicId, hash, always: true) is not { } head)
                continue;
            var predicate = string.Join('\n', message.PredicateKeys);
            await EntryStore.AddAsync(
                session,
                new(topicId, head.Sequence, contentId, "message", now)
                {
                    Predicate = predicate,
                    Reference = message.Reference,
                    Patterns = head.Patterns,
                    Trace = TraceText.Of(pending.Trace),
                }
            );
            pending.Entries.Add(
                new()
                {
                    Trace = pending.Trace,
                    PublishedAt = now,
                    TopicId = topicId,
                    Sequence = head.Sequence,
                    ContentType = ContentType,
                    Body = message.Body,
                    Predicate = predicate,
                    Reference = message.Reference,
                    Patterns = head.Patterns,
                }
            );
        }
    }

    private void Tell(MessageEvent message, DatabaseTime at) =>
        _events.TellMessage(
            new()
            {
                Topic = message.PredicateKeys[0].TrimEnd('.'),
                Reference = message.Reference,
                Source = WebSubHubUpdateSource.Message,
                ContentType = ContentType,
                Length = message.Body.Length,
                At = at.ToMoment(),
            }
        );

    private sealed record Pending(IReadOnlyList<MessageEvent> Events, Func<DbSession, Task<bool>> Store)
    {
        public List<LogEntry> Entries { get; } = [];

        /// <summary>When they were stored; null if they were not.</summary>
        public DatabaseTime? StoredAt { get; set; }

        /// <summary>The activity that publishes them.</summary>
        public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;
    }
}
