namespace WebSub.Subscriber;

/// <summary>A subscription as it was when it was read.</summary>
public sealed record WebSubSubscription
{
    /// <summary>Its id in this app. It appears in no URL.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of its handler.</summary>
    public required string Handler { get; init; }

    /// <summary>
    /// The subscription whose discovery found this one's hub (<see cref="WebSubSubscribeOptions.AllHubs"/>); null for one that was
    /// requested directly.
    /// </summary>
    public Guid? Parent { get; init; }

    /// <summary>What was requested.</summary>
    public required WebSubTarget Target { get; init; }

    /// <summary>Its state.</summary>
    public required WebSubSubscriptionState State { get; init; }

    /// <summary>The topic of the confirmed subscription, else of the pending request; null before discovery.</summary>
    public string? Topic { get; init; }

    /// <summary>The hub of the confirmed subscription, else of the pending request; null before discovery.</summary>
    public string? Hub { get; init; }

    /// <summary>
    /// The callback the hub knows; null before the first request. Anyone who has it can send to the subscription: treat it like a password.
    /// </summary>
    public string? CallbackUrl { get; init; }

    /// <summary>True if its deliveries must be signed.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When the lease ends; null unless confirmed.</summary>
    public DateTimeOffset? LeaseEnd { get; init; }

    /// <summary>When it will be renewed; null unless confirmed.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>The state of the pending subscribe or unsubscribe request; null if there is none.</summary>
    public WebSubRequestState? RequestState { get; init; }

    /// <summary>How many times the pending request has failed, for whatever reason.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>
    /// When something happens to it next: an attempt, the end of waiting for a verification, a renewal, the end of its lease; null if
    /// never.
    /// </summary>
    public DateTimeOffset? NextActionAt { get; init; }

    /// <summary>How many deliveries were accepted. Those of inline handlers are counted a few seconds later.</summary>
    public long Received { get; init; }

    /// <summary>When the last of them arrived.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The usual pause between deliveries: a moving average, in which the last is an eighth. Null before the second.</summary>
    public TimeSpan? UsualPause { get; init; }

    /// <summary>Since when its hub counts as silent (<see cref="WebSubHealthOptions"/>); null while it does not.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>Why its hub counts as silent.</summary>
    public string? Silence { get; init; }

    /// <summary>How many updates were found in another way because the hub did not deliver them.</summary>
    public long Missed { get; init; }

    /// <summary>Why it is in its state: the last error, or the reason for the denial.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset ChangedAt { get; init; }
}
