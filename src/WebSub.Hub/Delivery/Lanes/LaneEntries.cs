using WebSub.Hub.Delivery.Sending;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>The entries that a run is working on; usually one. Touched under the lock of its <see cref="LaneRun"/> only.</summary>
internal sealed class LaneEntries(long topicId, EntryCache cache)
{
    private readonly List<LogEntry> _entries = [];
    private HashSet<long>? _reading;

    /// <summary>True while some are being read from the database.</summary>
    public bool IsReading => _reading is { Count: > 0 };

    public void Add(LogEntry entry) => _entries.Add(entry);

    /// <summary>The entry, if it is in memory.</summary>
    public LogEntry? Find(long sequence)
    {
        foreach (var entry in _entries)
        {
            if (entry.Sequence == sequence)
                return entry;
        }

        if (cache.Find(topicId, sequence) is { } cached)
            _entries.Add(cached);
        return _entries.Count > 0 && _entries[^1].Sequence == sequence ? _entries[^1] : null;
    }

    /// <summary>Returns false if it is being read already.</summary>
    public bool BeginReading(long sequence) => (_reading ??= []).Add(sequence);

    public void EndReading(long sequence) => _reading!.Remove(sequence);

    /// <summary>Lets go of what everybody has had.</summary>
    public void Forget(long upTo) => _entries.RemoveAll(e => e.Sequence <= upTo);
}
