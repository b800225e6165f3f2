using System.Collections.Concurrent;

namespace NewsApp;

/// <summary>The titles of the latest entries, in memory; replace it by what your app does with them.</summary>
public sealed class LatestEntries
{
    private const int Most = 20;
    private readonly ConcurrentQueue<string> _titles = new();

    /// <summary>The oldest comes first.</summary>
    public IReadOnlyList<string> All => [.. _titles];

    /// <summary>Adds one, and forgets the oldest if there are too many.</summary>
    public void Add(string title)
    {
        _titles.Enqueue(title);
        while (_titles.Count > Most)
            _titles.TryDequeue(out _);
    }
}
