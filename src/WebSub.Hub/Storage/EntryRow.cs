using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>An entry as it is stored.</summary>
internal sealed record EntryRow(TopicId TopicId, long Sequence, long ContentId, string Source, DatabaseTime PublishedAt)
{
    public long? DiffId { get; init; }

    /// <summary>Of a message: the keys of its predicates, one a line.</summary>
    public string? Predicate { get; init; }

    /// <summary>Of a message: its reference.</summary>
    public string? Reference { get; init; }

    /// <summary>What published it, as <see cref="TraceText"/> has it; null if nobody listens.</summary>
    public string? Trace { get; init; }

    /// <summary>Of a message: how many patterns the topic's members had added.</summary>
    public long Patterns { get; init; }
}
