using System.Data.Common;
using System.Threading.Channels;

namespace WebSub.Storage;

/// <summary>
/// Writes items that arrive together in one transaction: their callers share a commit and continue once it is durable. An item that the
/// database refuses fails alone.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="size">The size of an item, in bytes.</param>
/// <param name="write">Writes a group; may run again if the database requires a retry.</param>
/// <param name="failed">Called before the next group if one was not committed.</param>
internal sealed class GroupWriter<T>(
    Database database,
    Func<T, int> size,
    Func<DbSession, IReadOnlyList<T>, Task> write,
    Action? failed = null
) : IAsyncDisposable
{
    private const long MaxGroupBytes = 16 * 1024 * 1024;
    private readonly Channel<Queued> _queue = Channel.CreateUnbounded<Queued>(new() { SingleReader = true });
    private readonly Lock _starting = new();
    private Task? _writer;
    private int _waiting;

    /// <summary>The most items of one transaction. Default: 512.</summary>
    public int MaxGroup { get; init; } = 512;

    /// <summary>How many items wait for their commit.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>
    /// Returns when the item is committed. Who gives up waiting does not know whether it will be, unless it is not in a group yet: then it
    /// is let go of, so that a database that does not answer piles nothing up.
    /// </summary>
    public async Task WriteAsync(T item, CancellationToken cancellationToken)
    {
        lock (_starting)
            _writer ??= Task.Run(RunAsync, CancellationToken.None);
        var queued = new Queued(item);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(queued), this);
        Interlocked.Increment(ref _waiting);
        try
        {
            await queued.Done.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            if (queued.TryAbandon())
                Interlocked.Decrement(ref _waiting);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_writer is not null)
            await _writer;
    }

    private async Task RunAsync()
    {
        var group = new List<Queued>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            var bytes = 0L;
            while (group.Count < MaxGroup && bytes < MaxGroupBytes && _queue.Reader.TryRead(out var queued))
            {
                if (!queued.TryTake())
                    continue;
                group.Add(queued);
                bytes += size(queued.Item!);
            }

            if (group.Count == 0)
                continue;
            await WriteAsync(group);
            Interlocked.Add(ref _waiting, -group.Count);
        }
    }

    private async Task WriteAsync(List<Queued> group)
    {
        try
        {
            var items = group.ConvertAll(w => w.Item!);
            await database.WriteAsync(session => write(session, items), CancellationToken.None);
        }
        catch (DbException e) when (group.Count > 1 && Database.IsRefusal(e))
        {
            // One of them is to blame; the others must not suffer for it.
            foreach (var queued in group)
                await WriteAsync([queued]);
            return;
        }
#pragma warning disable CA1031 // Each caller of the group gets the failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed?.Invoke();
            foreach (var queued in group)
                queued.Done.TrySetException(e);
            return;
        }

        foreach (var queued in group)
            queued.Done.TrySetResult();
    }

    private sealed class Queued(T item)
    {
        private int _isDecided;

        /// <summary>What is to be written; the default once it is abandoned.</summary>
        public T? Item { get; private set; } = item;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Takes it into a group; false if it has been abandoned.</summary>
        public bool TryTake() => Interlocked.Exchange(ref _isDecided, 1) == 0;

        /// <summary>Lets go of it; false if it is in a group, or was.</summary>
        public bool TryAbandon()
        {
            if (Interlocked.Exchange(ref _isDecided, 1) != 0)
                return false;
            Item = default;
            return true;
        }
    }
}
