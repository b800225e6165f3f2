namespace WebSub.Subscriber.Subscriptions;

/// <summary>What to do with a declared subscription that exists.</summary>
/// <param name="Outcome">What that is called.</param>
/// <param name="Change">What to save; null for nothing.</param>
internal sealed record SyncStep(SyncOutcome Outcome, SubscriptionChange? Change);
