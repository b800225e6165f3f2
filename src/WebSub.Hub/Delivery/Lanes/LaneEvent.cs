using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// Something that happens to a running lane, with all that its <see cref="LaneState"/> has to know of the world: the time, a number for
/// jitter, whether the claim still covers an attempt, whether other lanes wait. A value, because a few of them make up each delivery.
/// </summary>
internal readonly record struct LaneEvent
{
    private LaneEvent(LaneEventKind kind) => Kind = kind;

    public LaneEventKind Kind { get; }

    /// <summary>When it happens, in microseconds since 1970.</summary>
    public DatabaseTime Now { get; init; }

    /// <summary>A number from 0 up to 1, for jitter.</summary>
    public double Chance { get; init; }

    /// <summary>Of <see cref="LaneEventKind.Loaded"/>: the members.</summary>
    public LoadedLane? Members { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.Loaded"/>: when their reading began. What changed later is not in it.</summary>
    public DatabaseTime ReadAt { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.Loaded"/>: entries that were read along.</summary>
    public IEnumerable<LogEntry>? Entries { get; private init; }

    /// <summary>The entry it is about; of <see cref="LaneEventKind.HeadMoved"/> the newest.</summary>
    public long Sequence { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.EntryRead"/>: the entry; null if it has been pruned.</summary>
    public LogEntry? Entry { get; private init; }

    /// <summary>The attempt it is about.</summary>
    public Attempt? Attempt { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.Completed"/>: how the attempt ended.</summary>
    public DeliveryOutcome? Outcome { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.Placed"/>: true if the attempt ends before the lane's claim (rule 26).</summary>
    public bool ClaimCovers { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.SaveBegins"/>: true while other lanes wait for a run (rule 17).</summary>
    public bool OthersWait { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.SaveEnded"/>: what was to be saved.</summary>
    public LaneSave? Save { get; private init; }

    /// <summary>Of <see cref="LaneEventKind.SaveEnded"/>: what the save found.</summary>
    public LaneSaved Saved { get; private init; }

    public static LaneEvent MembersChanged => new(LaneEventKind.MembersChanged);

    public static LaneEvent Lost => new(LaneEventKind.Lost);

    public static LaneEvent SaveFailed => new(LaneEventKind.SaveFailed);

    public static LaneEvent Loaded(LoadedLane members, IEnumerable<LogEntry> entries, DatabaseTime readAt) =>
        new(LaneEventKind.Loaded)
        {
            Members = members,
            Entries = entries,
            ReadAt = readAt,
        };

    public static LaneEvent HeadMoved(long head) => new(LaneEventKind.HeadMoved) { Sequence = head };

    public static LaneEvent Placed(Attempt attempt, bool claimCovers) =>
        new(LaneEventKind.Placed) { Attempt = attempt, ClaimCovers = claimCovers };

    public static LaneEvent Straggled(Attempt attempt) => new(LaneEventKind.Straggled) { Attempt = attempt };

    public static LaneEvent Refused(Attempt attempt) => new(LaneEventKind.Refused) { Attempt = attempt };

    public static LaneEvent Completed(Attempt attempt, DeliveryOutcome outcome) =>
        new(LaneEventKind.Completed) { Attempt = attempt, Outcome = outcome };

    public static LaneEvent EntryRead(long sequence, LogEntry? entry) =>
        new(LaneEventKind.EntryRead) { Sequence = sequence, Entry = entry };

    public static LaneEvent EntryNotRead(long sequence) => new(LaneEventKind.EntryNotRead) { Sequence = sequence };

    public static LaneEvent SaveBegins(bool othersWait) => new(LaneEventKind.SaveBegins) { OthersWait = othersWait };

    public static LaneEvent SaveEnded(LaneSave save, LaneSaved saved) => new(LaneEventKind.SaveEnded) { Save = save, Saved = saved };
}
