using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>What became of a declared subscription.</summary>
/// <param name="Subscription">As it is now.</param>
/// <param name="Outcome">What was done.</param>
internal sealed record SyncResult(Subscription Subscription, SyncOutcome Outcome);
