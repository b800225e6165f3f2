namespace WebSub.Protocol;

/// <summary>The values of <c>hub.mode</c>. They are compared exactly: the W3C text calls them literal strings.</summary>
public static class HubModes
{
    /// <summary>Requests, or confirms, a subscription (§5.1, §5.3).</summary>
    public const string Subscribe = "subscribe";

    /// <summary>Requests, or confirms, the end of a subscription (§5.1, §5.3).</summary>
    public const string Unsubscribe = "unsubscribe";

    /// <summary>The hub reports that a subscription is not possible, or no longer (§5.2).</summary>
    public const string Denied = "denied";

    /// <summary>A publisher reports that a topic changed (§6 leaves the form open; this one is in general use).</summary>
    public const string Publish = "publish";

    /// <summary>A publisher makes a topic known (an extension of Ballerina's hub).</summary>
    public const string Register = "register";

    /// <summary>A publisher withdraws a topic (an extension of Ballerina's hub).</summary>
    public const string Deregister = "deregister";

    /// <summary>The hub reports an internal failure after verification (an extension of Ballerina's hub).</summary>
    public const string HubError = "hub-error";
}
