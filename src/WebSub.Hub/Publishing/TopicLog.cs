using System.Threading.Channels;
using WebSub.Hub.Delivery;
using WebSub.Hub.History;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Appends content to topics' logs: content once, entry, head, and on PostgreSQL one work row, whatever the number of subscribers (rules 1, 2).
/// Appends that arrive together share one transaction. After the commit the topics' lanes are woken.
/// </summary>
internal sealed class TopicLog(HubDatabase database, EntryCache entries, LaneSignals signals, ClusterWakeup cluster, HistorySignal history) : IAsyncDisposable
{
    private const int MaxGroup = 512;
    private const long MaxGroupBytes = 16 * 1024 * 1024;
    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new() { SingleReader = true });
    private readonly Lock _starting = new();
    private Task? _writer;

    /// <summary>Appends content whether or not it differs from the newest entry, and returns its sequence once it is durable.</summary>
    public async Task<long> AppendAsync(PendingAppend append)
    {
        lock (_starting) _writer ??= Task.Run(RunAsync);
        var waiting = new Waiting(append);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(waiting), this);
        return await waiting.Done.Task;
    }

    /// <summary>Appends content inside a caller's transaction, unless it is the same as the newest entry (rule 4): then null. Call <see cref="Announce"/> after the commit.</summary>
    public static Task<long?> AppendChangedAsync(DbSession session, PendingAppend append) => AppendAsync(session, append, always: false);

    /// <summary>Makes a committed entry known: to the cache, so it need not be read again, and to the topic's lanes.</summary>
    public void Announce(PendingAppend append, long sequence)
    {
        entries.Add(new() { TopicId = append.TopicId, Sequence = sequence, ContentType = append.ContentType, Body = append.Body, Diff = append.DiffAt(sequence) });
        signals.Raise(append.TopicId, sequence);
        cluster.Raise(append.TopicId, sequence);
        history.Appended(append.TopicId, sequence);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_writer is not null) await _writer;
    }

    private static async Task<long?> AppendAsync(DbSession session, PendingAppend append, bool always)
    {
        var sequence = await session.ScalarAsync<long?>(
            """
            update {topics} set head = head + 1, content_hash = @Hash
            where id = @TopicId and (@always = 1 or content_hash is null or content_hash <> @Hash)
            returning head
            """,
            new { append.TopicId, append.Hash, always = always ? 1 : 0 });
        if (sequence is null) return null;

        var contentId = await AddContentAsync(session, append, append.Body);
        var diffId = append.DiffAt(sequence.Value) is { } diff ? await AddContentAsync(session, append, diff) : (long?)null;
        await session.ExecuteAsync(
            "insert into {entries} (topic_id, sequence, content_id, diff_id, source, published_at) values (@TopicId, @sequence, @contentId, @diffId, @source, @PublishedAt)",
            new { append.TopicId, sequence, contentId, diffId, source = append.Source == EntrySource.Push ? "push" : "ping", append.PublishedAt });
        if (session.Dialect == SqlDialect.PostgreSql)
        {
            await session.ExecuteAsync(
                "insert into {topic_work} (topic_id, head) values (@TopicId, @sequence) on conflict (topic_id) do update set head = excluded.head",
                new { append.TopicId, sequence });
        }

        return sequence;
    }

    private static Task<long> AddContentAsync(DbSession session, PendingAppend append, byte[] body) =>
        session.ScalarAsync<long>(
            "insert into {contents} (content_type, body, size, hash) values (@ContentType, @body, @size, @Hash) returning id",
            new { append.ContentType, body, size = body.Length, append.Hash });

    private async Task RunAsync()
    {
        var group = new List<Waiting>(MaxGroup);
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            var bytes = 0L;
            while (group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
                bytes += waiting.Append.Body.Length;
            }

            await AppendGroupAsync(group);
        }
    }

    private async Task AppendGroupAsync(List<Waiting> group)
    {
        try
        {
            await database.Db.WriteAsync(
                async session =>
                {
                    // In id order, so that two nodes never wait for each other's topics (rule 1).
                    foreach (var waiting in group.OrderBy(w => w.Append.TopicId)) waiting.Sequence = await AppendAsync(session, waiting.Append, always: true);
                },
                CancellationToken.None);
        }
#pragma warning disable CA1031 // Each caller of the group gets the failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var waiting in group) waiting.Done.TrySetException(e);
            return;
        }

        foreach (var waiting in group)
        {
            if (waiting.Sequence is { } sequence)
            {
                Announce(waiting.Append, sequence);
                waiting.Done.TrySetResult(sequence);
            }
            else
            {
                waiting.Done.TrySetException(new InvalidOperationException("The topic does not exist any more."));
            }
        }
    }

    private sealed class Waiting(PendingAppend append)
    {
        public PendingAppend Append { get; } = append;

        public long? Sequence { get; set; }

        public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
