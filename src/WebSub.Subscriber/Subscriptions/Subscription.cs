namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// A subscription: at most one confirmed part and at most one pending request. Renewing never touches the confirmed part until the hub has
/// confirmed. Immutable; <see cref="SubscriptionTransitions"/> is the only place that makes the next one.
/// </summary>
internal sealed record Subscription
{
    public required Guid Id { get; init; }

    public required string Handler { get; init; }

    public required WebSubTarget Target { get; init; }

    public WebSubSubscribeOptions Options { get; init; } = new();

    public WebSubSubscriptionState State { get; init; }

    /// <summary>The confirmed part while it is in force.</summary>
    public ConfirmedPart? Active { get; init; }

    /// <summary>
    /// The confirmed part that was last in force, if none is now: for answering a repeated unsubscribe verification and refusing a late
    /// delivery.
    /// </summary>
    public ConfirmedPart? Ended { get; init; }

    /// <summary>
    /// Confirmed parts whose callback has been replaced (public URL, prefix, handler name, fresh key), oldest first. The hub may still have
    /// updates for them, so they are answered for a while, and then unsubscribed.
    /// </summary>
    public IReadOnlyList<ConfirmedPart> Replaced { get; init; } = [];

    public PendingRequest? Pending { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>How the app's code or configuration declared it: its options as JSON; null if it was not declared.</summary>
    public string? Declared { get; init; }

    /// <summary>True if it was ended only because the app stopped.</summary>
    public bool Resumes { get; init; }

    /// <summary>
    /// The subscription whose discovery named this one's hub too (<see cref="WebSubSubscribeOptions.AllHubs"/>); null for one that was
    /// requested directly.
    /// </summary>
    public Guid? Parent { get; init; }

    /// <summary>Counts the saves.</summary>
    public long Version { get; init; }

    /// <summary>How many deliveries were stored, and when the last one was. The inbox counts them; transitions leave them alone.</summary>
    public long Received { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>The usual pause between deliveries.</summary>
    public TimeSpan? UsualPause { get; init; }

    /// <summary>Since when its hub counts as silent, and why.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <inheritdoc cref="SilentSince"/>
    public string? Silence { get; init; }

    /// <summary>How many updates were found that the hub did not deliver.</summary>
    public long Missed { get; init; }

    /// <summary>When the clock must look at it again; null if never.</summary>
    public DateTimeOffset? Due =>
        Earlier(
            Earlier(Earlier(Pending?.Due, Active?.LeaseEnd), Pending is null || IsTidying ? Active?.RenewAt : null),
            Pending is null && Replaced.Count > 0 ? Replaced.Min(r => r.AnswersUntil) : null
        );

    /// <summary>True while an unsubscribe request ends only a callback that has been replaced; the subscription itself continues.</summary>
    public bool IsTidying => Pending is { IsSubscribe: false } && State != WebSubSubscriptionState.Unsubscribing;

    /// <summary>True while an unsubscribe request is to end the subscription.</summary>
    public bool IsEnding => Pending is { IsSubscribe: false } && State == WebSubSubscriptionState.Unsubscribing;

    /// <summary>
    /// The part whose deliveries are taken at this callback now: the confirmed one, or one that it has replaced; null if none is.
    /// </summary>
    public ConfirmedPart? Answering(string key, DateTimeOffset now) =>
        Active?.CallbackKey == key ? Active : Replaced.FirstOrDefault(r => r.CallbackKey == key && now < r.AnswersUntil);

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;
}
