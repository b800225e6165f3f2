using WebSub.Storage;

namespace WebSub.Hub.Values;

/// <summary>The id of a topic.</summary>
internal readonly record struct TopicId(long Value) : IColumnValue<TopicId, long>
{
    long IColumnValue<TopicId, long>.Stored => Value;

    static TopicId IColumnValue<TopicId, long>.FromStored(long stored) => new(stored);
}
