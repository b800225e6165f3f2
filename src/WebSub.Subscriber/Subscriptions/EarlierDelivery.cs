namespace WebSub.Subscriber.Subscriptions;

/// <summary>A delivery that was taken, as far as it is remembered.</summary>
/// <param name="Key">What the place that remembers it knows it by.</param>
/// <param name="Mark">What it said of itself.</param>
/// <param name="CallbackKeys">The callbacks over which it has come; empty if that was not of interest.</param>
internal sealed record EarlierDelivery(long Key, DeliveryMark Mark, IReadOnlyCollection<string> CallbackKeys);
