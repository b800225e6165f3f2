namespace WebSub.Http;

/// <summary>How a request to a hub ended.</summary>
public enum HubOutcome
{
    /// <summary>The hub answered 2xx.</summary>
    Accepted,

    /// <summary>The hub answered 4xx: it refuses. <see cref="HubResponse.Explanation"/> has its words.</summary>
    Refused,

    /// <summary>The hub answered 5xx or 429: trying again later may help.</summary>
    Failed,

    /// <summary>
    /// The hub answered with a redirect that may not be followed for a POST (301, 302, 303) or has no target, or redirected too often.
    /// </summary>
    BadRedirect,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The hub's address is one that outbound requests may not reach.</summary>
    AddressRefused,
}
