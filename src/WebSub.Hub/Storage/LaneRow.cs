using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>A lane that has been taken for a run.</summary>
internal sealed record LaneRow
{
    public LaneId Id { get; init; }

    public TopicId TopicId { get; init; }

    public string TopicUrl { get; init; } = "";

    /// <summary>The self URL that the topic advertises.</summary>
    public string? SelfUrl { get; init; }

    /// <summary>The hubs that the topic advertises, one a line.</summary>
    public string? Hubs { get; init; }

    /// <summary>Every joined subscription has had this entry and all before it.</summary>
    public long Cursor { get; init; }

    /// <summary>The topic's newest sequence.</summary>
    public long Head { get; init; }

    /// <summary>Raised by whatever changes what a run has read: rows of members, and what the topic advertises.</summary>
    public long MembersVersion { get; init; }

    /// <summary>True for a topic of predicates, whose members get only what their patterns cover.</summary>
    public bool Filtered { get; init; }

    /// <summary>How many patterns the topic's members had added when the lane was read.</summary>
    public long Patterns { get; init; }

    /// <summary>How many subscriptions it has, joined or not.</summary>
    public long Size { get; init; }

    public long Epoch { get; init; }

    /// <summary>True if no member came, changed or went between two readings of the lane.</summary>
    public bool IsSameAs(LaneRow later) =>
        (Id, TopicId, MembersVersion, Size, Patterns) == (later.Id, later.TopicId, later.MembersVersion, later.Size, later.Patterns);
}
