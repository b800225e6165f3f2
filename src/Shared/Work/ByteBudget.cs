namespace WebSub.Work;

/// <summary>
/// Bytes that several may hold in memory together. Who finds no room waits for its turn. One holder's name gets a quarter at most, so that
/// a peer that drips leaves room to the others; what is larger is let in by itself.
/// </summary>
/// <param name="maxBytes">All there is.</param>
internal sealed class ByteBudget(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _ofHolder = new(StringComparer.Ordinal);
    private readonly LinkedList<Request> _waiting = new();
    private long _taken;

    /// <summary>The bytes that are held now.</summary>
    public long Taken
    {
        get
        {
            lock (_lock)
                return _taken;
        }
    }

    /// <summary>How many wait for room.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    /// <summary>Takes room; waits for it if there is none. What it returns gives the room back when it is disposed.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="holder">Whose share it counts on: a host, an address.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async ValueTask<IDisposable> TakeAsync(long bytes, string holder, CancellationToken cancellationToken)
    {
        var request = new Request(this, Math.Min(bytes, maxBytes), holder);
        LinkedListNode<Request> node;
        lock (_lock)
        {
            node = _waiting.AddLast(request);
            Admit_NeedsLock();
        }

        try
        {
            await request.Admitted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return request;
        }
        catch
        {
            // Let in at this very moment: then the room is given back.
            lock (_lock)
            {
                if (node.List is not null)
                    _waiting.Remove(node);
            }

            request.Dispose();
            throw;
        }
    }

    private void Admit_NeedsLock()
    {
        var node = _waiting.First;
        while (node is not null)
        {
            var (request, next) = (node.Value, node.Next);
            var held = _ofHolder.GetValueOrDefault(request.Holder);
            if (held == 0 || held + request.Bytes <= maxBytes / 4)
            {
                // In the order in which they came, or a large one would never find room.
                if (_taken > 0 && _taken + request.Bytes > maxBytes)
                    return;
                _waiting.Remove(node);
                _taken += request.Bytes;
                _ofHolder[request.Holder] = held + request.Bytes;
                request.IsAdmitted = true;
                request.Admitted.TrySetResult();
            }

            node = next;
        }
    }

    private void GiveBack(Request request)
    {
        lock (_lock)
        {
            if (!request.IsAdmitted)
                return;
            request.IsAdmitted = false;
            _taken -= request.Bytes;
            var left = _ofHolder[request.Holder] - request.Bytes;
            if (left == 0)
                _ofHolder.Remove(request.Holder);
            else
                _ofHolder[request.Holder] = left;
            Admit_NeedsLock();
        }
    }

    private sealed class Request(ByteBudget budget, long bytes, string holder) : IDisposable
    {
        public long Bytes { get; } = bytes;

        public string Holder { get; } = holder;

        public bool IsAdmitted { get; set; }

        public TaskCompletionSource Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => budget.GiveBack(this);
    }
}
