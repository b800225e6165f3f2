using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>The id of a topic that has been published.</summary>
internal readonly record struct TopicId(long Value) : IColumnValue<TopicId, long>
{
    long IColumnValue<TopicId, long>.Stored => Value;

    static TopicId IColumnValue<TopicId, long>.FromStored(long stored) => new(stored);
}
