namespace WebSub.Subscriber.Subscriptions;

/// <summary>What a delivery says of itself beside its body.</summary>
/// <param name="Id">The hub's delivery id; null without one.</param>
/// <param name="Replay">The number of an operator's replay; empty for none.</param>
/// <param name="CallbackKey">
/// The callback it came over, while the subscription has more than one and it has no id; null otherwise.
/// </param>
/// <param name="IsSigned">True if its signature was checked.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record DeliveryMark(string? Id, string Replay, string? CallbackKey, bool IsSigned, DateTimeOffset ReceivedAt);
