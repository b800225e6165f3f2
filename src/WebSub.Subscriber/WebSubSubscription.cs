namespace WebSub.Subscriber;

/// <summary>A subscription as it was when it was read.</summary>
public sealed record WebSubSubscription
{
    /// <summary>Its name in this app. It is in no URL.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of its handler.</summary>
    public required string Handler { get; init; }

    /// <summary>
    /// The subscription whose discovery found this one's hub (<see cref="WebSubSubscribeOptions.AllHubs"/>); null for one that was asked
    /// for itself.
    /// </summary>
    public Guid? Parent { get; init; }

    /// <summary>What was asked for.</summary>
    public required WebSubTarget Target { get; init; }

    /// <summary>Where it stands.</summary>
    public required WebSubSubscriptionState State { get; init; }

    /// <summary>The topic: of the confirmed subscription, else of the running request; null before discovery.</summary>
    public string? Topic { get; init; }

    /// <summary>The hub: of the confirmed subscription, else of the running request; null before discovery.</summary>
    public string? Hub { get; init; }

    /// <summary>
    /// The callback the hub knows; null before the first request. Whoever has it can talk to the subscription: treat it like a password.
    /// </summary>
    public string? CallbackUrl { get; init; }

    /// <summary>True if its deliveries must be signed.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When the lease ends; null unless confirmed.</summary>
    public DateTimeOffset? LeaseEnd { get; init; }

    /// <summary>When it will be renewed; null unless confirmed.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>How the running subscribe or unsubscribe request is doing; null if none is running.</summary>
    public WebSubRequestState? RequestState { get; init; }

    /// <summary>How often the running request has failed, in whatever way.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>
    /// When its clock acts next: a try, the end of waiting for a verification, a renewal, the end of its lease; null if never.
    /// </summary>
    public DateTimeOffset? NextActionAt { get; init; }

    /// <summary>How many notifications were stored for its queued handler.</summary>
    public long Received { get; init; }

    /// <summary>When the last of them arrived.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>Why it is in its state: the last error, or the reason of the denial.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
