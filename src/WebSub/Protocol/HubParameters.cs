namespace WebSub.Protocol;

/// <summary>
/// The names of the <c>hub.*</c> fields on the wire (W3C WebSub §5 and §6, and the 0.3/0.4 names that real peers still send).
/// </summary>
public static class HubParameters
{
    /// <summary><c>hub.mode</c>: the purpose of a message; one of <see cref="HubModes"/>.</summary>
    public const string Mode = "hub.mode";

    /// <summary><c>hub.topic</c>: the topic, exactly as its publisher advertised it with <c>rel=self</c>.</summary>
    public const string Topic = "hub.topic";

    /// <summary><c>hub.callback</c>: where the hub delivers.</summary>
    public const string Callback = "hub.callback";

    /// <summary><c>hub.lease_seconds</c>: the length of a subscription, in seconds.</summary>
    public const string LeaseSeconds = "hub.lease_seconds";

    /// <summary><c>hub.secret</c>: the HMAC key of a subscription, fewer than 200 bytes (§5.1).</summary>
    public const string Secret = "hub.secret";

    /// <summary><c>hub.challenge</c>: the random text a subscriber echoes to confirm (§5.3).</summary>
    public const string Challenge = "hub.challenge";

    /// <summary><c>hub.reason</c>: why a subscription was denied (§5.2).</summary>
    public const string Reason = "hub.reason";

    /// <summary><c>hub.url</c>: the updated topic in a PubSubHubbub 0.3 ping.</summary>
    public const string Url = "hub.url";

    /// <summary><c>hub.url[]</c>: the updated topics in a Superfeedr-style ping.</summary>
    public const string UrlArray = "hub.url[]";

    /// <summary><c>hub.verify</c>: <c>sync</c> or <c>async</c>, PubSubHubbub 0.3 only.</summary>
    public const string Verify = "hub.verify";

    /// <summary><c>hub.verify_token</c>: echoed in the verification, PubSubHubbub 0.3 only.</summary>
    public const string VerifyToken = "hub.verify_token";

    /// <summary><c>hub.signature_method</c>: our extension; which HMAC method the hub should sign with.</summary>
    public const string SignatureMethod = "hub.signature_method";

    /// <summary><c>hub.content</c>: our extension; <c>full</c> or <c>diff</c>.</summary>
    public const string Content = "hub.content";

    /// <summary><c>hub.delivery</c>: our extension; <c>all</c> or <c>latest</c>.</summary>
    public const string Delivery = "hub.delivery";

    /// <summary><c>hub.initial</c>: our extension; <c>true</c> asks for the current content right after verification.</summary>
    public const string Initial = "hub.initial";
}
