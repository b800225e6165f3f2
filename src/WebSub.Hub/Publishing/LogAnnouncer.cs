using WebSub.Hub.Signals;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Announces a committed entry to the cache, so that it need not be read again, to its topic's lanes here and on other nodes, and to the
/// history (rule 3).
/// </summary>
internal sealed class LogAnnouncer(EntryCache entries, LaneSignals signals, HeadSignals heads, IPeers peers, HistorySignal history)
{
    public void Announce(LogEntry entry)
    {
        entries.Add(entry);
        signals.Raise(entry.TopicId, entry.Sequence);
        heads.Raise(entry.TopicId, entry.Sequence);
        peers.TellHead(entry.TopicId, entry.Sequence);
        history.Appended(entry.TopicId, entry.Sequence);
    }
}
