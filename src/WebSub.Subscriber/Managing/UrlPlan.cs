using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>What an operator is shown before callback URLs are changed.</summary>
/// <param name="Fixes">What can be done, with what is guessed.</param>
/// <param name="Unknown">Subscriptions whose handler is gone, without a guess.</param>
internal sealed record UrlPlan(IReadOnlyList<UrlFix> Fixes, IReadOnlyList<Subscription> Unknown);
