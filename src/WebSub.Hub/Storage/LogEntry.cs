using System.Diagnostics;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// One entry of a topic's log. A small content comes with it; a large one is read when an attempt's turn comes (rule 34).
/// </summary>
internal sealed record LogEntry
{
    /// <summary>What a run may have in memory before it is sent. Larger contents are counted while they are.</summary>
    public const long MaxCarried = 16 * 1024;

    private readonly long? _size;

    public TopicId TopicId { get; init; }

    public long Sequence { get; init; }

    /// <summary>The content type exactly as the publisher sent it; null if it sent none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The content; empty if it is large and has not been read.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>
    /// Of a feed, only what is new or changed since the entry before; null if there is no such form, or it has not been read.
    /// </summary>
    public byte[]? Diff { get; init; }

    /// <summary>The bytes of both, whether or not they have been read.</summary>
    public long Size
    {
        get => _size ?? Body.Length + (Diff?.Length ?? 0);
        init => _size = value;
    }

    /// <summary>True if its content is not carried along.</summary>
    public bool IsLarge => Size > MaxCarried;

    /// <summary>What it delivers, if that is small.</summary>
    public EntryContent? Carried => IsLarge ? null : new(Body, Diff);

    /// <summary>What published it, for those who listen; the default if nobody does.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>The same as it is stored.</summary>
    public string? StoredTrace
    {
        init => Trace = TraceText.Parse(value);
    }

    /// <summary>When it was published; the epoch if that was not read.</summary>
    public DatabaseTime PublishedAt { get; init; }

    /// <summary>Of a message: the keys of its predicates, one a line.</summary>
    public string? Predicate { get; init; }

    /// <summary>Of a message: its reference.</summary>
    public string? Reference { get; init; }

    /// <summary>Of a message: how many patterns the topic's members had added. Who has read fewer cannot tell whom it concerns.</summary>
    public long Patterns { get; init; }

    /// <summary>The same without its content.</summary>
    public LogEntry WithoutContent() => this with { Size = Size, Body = [], Diff = null };
}
