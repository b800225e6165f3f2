using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>The entries that a run has in memory, usually one, and those that are being read for it.</summary>
internal sealed class LaneEntries
{
    private readonly List<LogEntry> _entries = [];
    private HashSet<long>? _reading;

    /// <summary>True while some are being read.</summary>
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

        return null;
    }

    /// <summary>Returns false if it is being read already.</summary>
    public bool BeginReading(long sequence) => (_reading ??= []).Add(sequence);

    /// <summary>Returns false if it was not being read.</summary>
    public bool EndReading(long sequence) => _reading?.Remove(sequence) == true;

    /// <summary>Lets go of what everybody has had.</summary>
    public void Forget(long upTo) => _entries.RemoveAll(e => e.Sequence <= upTo);
}
