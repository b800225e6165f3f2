using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>One change of one subscription.</summary>
public sealed record WebSubSubscriptionChange
{
    /// <summary>What happened.</summary>
    public required WebSubChangeKind Kind { get; init; }

    /// <summary>The subscription after it.</summary>
    public required WebSubSubscription Subscription { get; init; }

    /// <summary>Why, in a sentence; null if there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
