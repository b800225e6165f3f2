using System.Diagnostics;
using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>One entry of a topic's log with its content.</summary>
internal sealed record LogEntry
{
    public TopicId TopicId { get; init; }

    public long Sequence { get; init; }

    /// <summary>The content type exactly as the publisher sent it; null if it sent none.</summary>
    public string? ContentType { get; init; }

    public byte[] Body { get; init; } = [];

    /// <summary>Of a feed, only what is new or changed since the entry before; null if there is no such form.</summary>
    public byte[]? Diff { get; init; }

    /// <summary>
    /// What published it, for those who listen; the default for an entry that was read from the database, where it is not kept.
    /// </summary>
    public ActivityContext Trace { get; init; }

    /// <summary>Of a message: the keys of its predicates, one a line.</summary>
    public string? Predicate { get; init; }

    /// <summary>Of a message: its reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Of a message: how many patterns the topic's members had added. Who has read fewer cannot tell whom it concerns.</summary>
    public long Patterns { get; init; }
}
