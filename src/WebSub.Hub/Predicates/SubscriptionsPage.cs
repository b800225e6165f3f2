namespace WebSub.Hub.Predicates;

/// <summary>A page of a callback's predicate subscriptions.</summary>
/// <param name="Subscriptions">The subscriptions, ordered by topic.</param>
/// <param name="Next">The path and query of the next page; null on the last one.</param>
internal sealed record SubscriptionsPage(IReadOnlyList<SubscriptionItem> Subscriptions, string? Next);
