using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// Room for the contents of attempts in flight, in bytes (rule 34). A content counts once, however many attempts share it, and on the
/// origin that needed it first; an origin may bring in half of the room, so that one whose callbacks hang leaves some to the others. What
/// is larger than all of the room is let in by itself. Each counts twice: the runtime frees what was let go of only some time later.
/// Touched under the lock of the <see cref="SendGate"/> only.
/// </summary>
internal sealed class ContentPlaces(long maxBytes)
{
    private const int Weight = 2;
    private readonly Dictionary<(TopicId TopicId, long Sequence), Place> _places = [];

    /// <summary>The bytes of all contents that attempts in flight hold.</summary>
    public long Bytes { get; private set; }

    /// <summary>Makes room for the content of an entry that an attempt to this origin is about to send.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="origin">The attempt's origin.</param>
    /// <param name="mayBringIn">False if others wait for room: then it may only share what is here.</param>
    public ContentRoom TryEnter(LogEntry entry, OriginGate origin, bool mayBringIn)
    {
        if (_places.TryGetValue((entry.TopicId, entry.Sequence), out var known))
        {
            known.Holders++;
            return ContentRoom.Entered;
        }

        var size = Weight * entry.Size;
        if (origin.Bytes > 0 && origin.Bytes + size > maxBytes / 2)
            return ContentRoom.ShareUsedUp;
        if (!mayBringIn || (Bytes > 0 && Bytes + size > maxBytes))
            return ContentRoom.Full;
        _places[(entry.TopicId, entry.Sequence)] = new(size, origin) { Holders = 1 };
        Bytes += size;
        origin.Bytes += size;
        return ContentRoom.Entered;
    }

    /// <summary>An attempt is over. Returns the origin on which the content counted, if this was the last one to hold it.</summary>
    public OriginGate? Leave(LogEntry entry)
    {
        var place = _places[(entry.TopicId, entry.Sequence)];
        if (--place.Holders > 0)
            return null;
        _places.Remove((entry.TopicId, entry.Sequence));
        Bytes -= place.Size;
        place.Origin.Bytes -= place.Size;
        return place.Origin;
    }

    private sealed class Place(long size, OriginGate origin)
    {
        public long Size { get; } = size;

        public OriginGate Origin { get; } = origin;

        public int Holders { get; set; }
    }
}
