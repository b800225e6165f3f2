using WebSub.Storage;

namespace WebSub.Hub.Values;

/// <summary>The id of a subscription of the engine.</summary>
internal readonly record struct SubscriptionId(long Value) : IColumnValue<SubscriptionId, long>
{
    long IColumnValue<SubscriptionId, long>.Stored => Value;

    static SubscriptionId IColumnValue<SubscriptionId, long>.FromStored(long stored) => new(stored);
}
