using System.Collections.Concurrent;

namespace MySubscriber;

/// <summary>Stands for what your app does with updates: it keeps the newest in memory.</summary>
public class Updates
{
    private const int Most = 20;
    private readonly ConcurrentQueue<string> _newest = new();

    /// <summary>The newest updates, the newest first.</summary>
    public IEnumerable<string> Newest => _newest.Reverse();

    /// <summary>Adds one.</summary>
    public virtual void Add(string update)
    {
        _newest.Enqueue(update);
        while (_newest.Count > Most)
            _newest.TryDequeue(out _);
    }
}
