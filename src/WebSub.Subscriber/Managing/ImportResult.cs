using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>What became of a subscription in an imported file.</summary>
/// <param name="Subscription">As it was read.</param>
/// <param name="IsAdded">False if there was one already, which stays as it is.</param>
internal sealed record ImportResult(Subscription Subscription, bool IsAdded);
