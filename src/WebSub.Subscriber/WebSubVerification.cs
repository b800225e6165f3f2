using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>A hub's intent verification (§5.3).</summary>
public sealed record WebSubVerification
{
    /// <summary><c>subscribe</c> or <c>unsubscribe</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The lease the hub offers, in seconds; null on unsubscribe.</summary>
    public long? LeaseSeconds { get; init; }

    /// <summary>The subscription it is about.</summary>
    public required WebSubSubscription Subscription { get; init; }
}
