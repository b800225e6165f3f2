using WebSub.Storage;

namespace WebSub.Hub.Values;

/// <summary>The id of a lane.</summary>
internal readonly record struct LaneId(long Value) : IColumnValue<LaneId, long>
{
    long IColumnValue<LaneId, long>.Stored => Value;

    static LaneId IColumnValue<LaneId, long>.FromStored(long stored) => new(stored);
}
