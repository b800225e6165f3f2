namespace WebSub.Subscriber;

/// <summary>The state of a subscription's pending subscribe or unsubscribe request.</summary>
public enum WebSubRequestState
{
    /// <summary>Waiting for its turn.</summary>
    Waiting,

    /// <summary>Being sent to the hub.</summary>
    Sending,

    /// <summary>Accepted by the hub; waiting for its verification (S14).</summary>
    Verifying,

    /// <summary>Discovery failed; it will be retried.</summary>
    DiscoveryError,

    /// <summary>The hub could not be reached; it will be retried.</summary>
    ConnectionError,

    /// <summary>The hub answered with an error; it will be retried.</summary>
    HubError,

    /// <summary>The hub's verification was malformed; the request will be sent again.</summary>
    VerificationError,

    /// <summary>The hub accepted the request but did not verify it in time; the request will be sent again.</summary>
    VerificationTimeout,
}
