namespace WebSub.Subscriber.Subscriptions;

/// <summary>The result of a transition: the next state of a subscription and the change to report.</summary>
/// <param name="Next">What to save.</param>
/// <param name="Kind">What happened; null if there is nothing to report.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record SubscriptionChange(Subscription Next, WebSubChangeKind? Kind, string? Reason = null);
