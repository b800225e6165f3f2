using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>A change to a subscription.</summary>
public sealed record WebSubSubscriptionChange
{
    /// <summary>What happened.</summary>
    public required WebSubChangeKind Kind { get; init; }

    /// <summary>The subscription after the change.</summary>
    public required WebSubSubscription Subscription { get; init; }

    /// <summary>Why it happened, in a sentence; null if there is nothing to add.</summary>
    public string? Reason { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }
}
