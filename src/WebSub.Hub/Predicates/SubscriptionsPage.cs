namespace WebSub.Hub.Predicates;

/// <summary>A page of a callback's predicate subscriptions.</summary>
/// <param name="Subscriptions">In the order of their topics.</param>
/// <param name="Next">Path and query of the next page; null on the last.</param>
internal sealed record SubscriptionsPage(IReadOnlyList<SubscriptionItem> Subscriptions, string? Next);
