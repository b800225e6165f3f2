namespace WebSub.Subscriber;

/// <summary>How the running subscribe or unsubscribe request of a subscription is doing.</summary>
public enum WebSubRequestState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It is on its way to the hub.</summary>
    Sending,

    /// <summary>The hub has accepted it; its verification is awaited (S14).</summary>
    Verifying,

    /// <summary>Discovery failed; it is tried again.</summary>
    DiscoveryError,

    /// <summary>The hub could not be reached; it is tried again.</summary>
    ConnectionError,

    /// <summary>The hub answered with an error; it is tried again.</summary>
    HubError,

    /// <summary>The hub's verification was malformed; it is asked again.</summary>
    VerificationError,

    /// <summary>The hub accepted the request but never verified it; it is asked again.</summary>
    VerificationTimeout,
}
