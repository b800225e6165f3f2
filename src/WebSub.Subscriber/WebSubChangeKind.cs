namespace WebSub.Subscriber;

/// <summary>What happened to a subscription.</summary>
public enum WebSubChangeKind
{
    /// <summary>It was requested: by this app, or automatically because a renewal is due.</summary>
    Requested,

    /// <summary>Discovery found its topic and hubs.</summary>
    Discovered,

    /// <summary>
    /// The hub answered the request with 2xx. It will verify, or already has; in that case this comes after <see cref="Verified"/>.
    /// </summary>
    Accepted,

    /// <summary>
    /// The hub verified it for the first time: it is active. Raised once the response to the verification has been sent; the hub may need a
    /// moment to act on it.
    /// </summary>
    Verified,

    /// <summary>The hub verified it again: the lease is extended.</summary>
    Renewed,

    /// <summary>An attempt failed and will be retried.</summary>
    AttemptFailed,

    /// <summary>The attempts are used up.</summary>
    GaveUp,

    /// <summary>The hub denied it (§5.2).</summary>
    Denied,

    /// <summary>The hub reported an internal error.</summary>
    HubError,

    /// <summary>Its lease ran out.</summary>
    Expired,

    /// <summary>This app is ending it.</summary>
    Unsubscribing,

    /// <summary>It has ended.</summary>
    Unsubscribed,

    /// <summary>A delivery was refused because its signature was missing or wrong.</summary>
    DeliveryRejected,

    /// <summary>A notification is parked: its handler failed at every attempt.</summary>
    NotificationParked,

    /// <summary>
    /// The hub asked about something else than was requested, or the app's verifier refused: it was answered 404, and the reason says what
    /// it asked. If that ends an attempt of a running request, <see cref="AttemptFailed"/> or <see cref="GaveUp"/> is told instead.
    /// </summary>
    VerificationRefused,

    /// <summary>This app deleted it; the hub was not told.</summary>
    Deleted,

    /// <summary>Its hub has fallen silent and is asked again (<see cref="WebSubHealthOptions"/>); the reason says why.</summary>
    HubSilent,

    /// <summary>Its hub, which had fallen silent, has delivered again.</summary>
    HubHeard,

    /// <summary>An update was found that its hub did not deliver; the handler gets it.</summary>
    UpdateMissed,
}
