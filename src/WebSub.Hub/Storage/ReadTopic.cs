using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>A topic whose log is read.</summary>
internal sealed record ReadTopic
{
    public TopicId Id { get; init; }

    public long Head { get; init; }

    /// <summary>The oldest sequence that is kept; null if there is none yet.</summary>
    public long? Oldest { get; init; }
}
