using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// The contents of large entries: read once for all attempts that need one at the same time, and let go with the last of them. How many
/// are open at a time is the gate's affair (rule 34).
/// </summary>
internal sealed class EntryContents(HubDatabase database)
{
    /// <summary>Kept for the next attempt, of those that nobody has open.</summary>
    private const long MaxKept = 16L * 1024 * 1024;

    private long _passed;
    private readonly Lock _lock = new();
    private readonly Dictionary<(TopicId TopicId, long Sequence), Opened> _open = [];
    private readonly LruCache<(TopicId TopicId, long Sequence), EntryContent?> _kept = new(MaxKept);

    /// <summary>The bytes of what is open.</summary>
    public long OpenBytes
    {
        get
        {
            lock (_lock)
                return _open.Values.Sum(o => o.Size);
        }
    }

    /// <summary>The bytes of all that were read or published since the start.</summary>
    public long PassedBytes => Volatile.Read(ref _passed);

    /// <summary>Hears of that number whenever it grows; null if nobody listens.</summary>
    public Action<long>? Passed { get; set; }

    /// <summary>Keeps what was just published: most likely it is wanted at once.</summary>
    public void Keep(LogEntry entry) => Keep(entry, new(entry.Body, entry.Diff));

    /// <summary>Reads a content; null if it has been pruned. Ends with <see cref="Close"/>, whatever comes of it.</summary>
    public Task<EntryContent?> OpenAsync(LogEntry entry)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(KeyOf(entry), out var opened))
                _open[KeyOf(entry)] = opened = new(entry.Size, ReadAsync(entry, CancellationToken.None));
            opened.Holders++;
            return opened.Content;
        }
    }

    /// <summary>One of those that opened it needs it no more.</summary>
    public void Close(LogEntry entry)
    {
        lock (_lock)
        {
            var opened = _open[KeyOf(entry)];
            if (--opened.Holders > 0)
                return;
            _open.Remove(KeyOf(entry));
        }
    }

    /// <summary>Reads the content of an entry of any size; null if it has been pruned.</summary>
    public async Task<EntryContent?> ReadAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Carried is { } carried)
            return carried;
        if (_kept.Find(KeyOf(entry)) is { } known)
            return known;
        // Whoever asks, mostly the gate under its lock, has something better to do than to read a database.
        await Task.Yield();
        var content = await database.Db.ReadAsync(
            session => EntryStore.ReadContentAsync(session, entry.TopicId, entry.Sequence),
            cancellationToken
        );
        if (content is { } read)
            Keep(entry, read);
        return content;
    }

    private void Keep(LogEntry entry, EntryContent content)
    {
        var passed = Interlocked.Add(ref _passed, content.Size);
        _kept.Set(KeyOf(entry), content, content.Size);
        Passed?.Invoke(passed);
    }

    private static (TopicId TopicId, long Sequence) KeyOf(LogEntry entry) => (entry.TopicId, entry.Sequence);

    private sealed class Opened(long size, Task<EntryContent?> content)
    {
        public long Size { get; } = size;

        public Task<EntryContent?> Content { get; } = content;

        public int Holders { get; set; }
    }
}
