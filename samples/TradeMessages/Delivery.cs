using WebSub.Predicates;

namespace TradeMessages;

/// <summary>A delivery, and the reference of the message that it is about.</summary>
internal sealed record Delivery(PredicateEvent Event, string Reference);
