using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>The id of a hub.</summary>
internal readonly record struct HubId(long Value) : IColumnValue<HubId, long>
{
    long IColumnValue<HubId, long>.Stored => Value;

    static HubId IColumnValue<HubId, long>.FromStored(long stored) => new(stored);
}
