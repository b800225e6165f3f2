using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>What is remembered of an attempt.</summary>
/// <param name="Subscription">The subscription that it was for.</param>
/// <param name="Sequence">The entry.</param>
/// <param name="At">When it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outcome">How it ended.</param>
internal readonly record struct EndedAttempt(
    SubscriptionId Subscription,
    long Sequence,
    DatabaseTime At,
    TimeSpan Duration,
    DeliveryOutcome Outcome
);
