namespace WebSub.Storage;

/// <summary>
/// The most recently used of many values, bounded in bytes. On the path of every delivery, where <c>MemoryCache</c> boxes its keys and,
/// once full, sorts all of its entries to let go of the oldest.
/// </summary>
/// <param name="maxBytes">What its values may take together, by the sizes they are set with.</param>
internal sealed class LruCache<TKey, TValue>(long maxBytes)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value, long Size)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value, long Size)> _used = new();
    private long _bytes;

    /// <summary>The value, which counts as used; the default if there is none.</summary>
    public TValue? Find(TKey key)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
                return default;
            if (node != _used.Last)
            {
                _used.Remove(node);
                _used.AddLast(node);
            }

            return node.Value.Value;
        }
    }

    /// <summary>Sets a value and lets go of those that were used least recently. One that is larger than the cache is not kept.</summary>
    public void Set(TKey key, TValue value, long size)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var known))
                Remove_NeedsLock(known);
            _nodes[key] = _used.AddLast((key, value, size));
            _bytes += size;
            while (_bytes > maxBytes)
                Remove_NeedsLock(_used.First!);
        }
    }

    private void Remove_NeedsLock(LinkedListNode<(TKey Key, TValue Value, long Size)> node)
    {
        _used.Remove(node);
        _nodes.Remove(node.Value.Key);
        _bytes -= node.Value.Size;
    }
}
