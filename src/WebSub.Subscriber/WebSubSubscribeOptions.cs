using System.Text.Json.Serialization;

namespace WebSub.Subscriber;

/// <summary>How to subscribe. Stored with the subscription, sealed, so that renewals after a restart request the same.</summary>
public sealed record WebSubSubscribeOptions
{
    /// <summary>The lease to request (<c>hub.lease_seconds</c>), in seconds; the hub decides.</summary>
    /// <value>Default: the setting <c>LeaseSeconds</c>.</value>
    public long? LeaseSeconds { get; init; }

    /// <summary>The secret (<c>hub.secret</c>), at most 199 bytes; deliveries must then be signed with it.</summary>
    /// <value>Default: null, a random one where <see cref="Signature"/> allows.</value>
    public string? Secret { get; init; }

    /// <summary>Whether a random secret is generated when <see cref="Secret"/> is null.</summary>
    /// <value>Default: <see cref="WebSubSignaturePolicy.Auto"/>.</value>
    public WebSubSignaturePolicy Signature { get; init; }

    /// <summary>Additional fields of the subscribe and unsubscribe requests (S12); they never replace those of the protocol.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Additional headers of the subscribe and unsubscribe requests, for example <c>Authorization</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// True subscribes at every hub that discovery finds, ten at most, instead of only the first that accepts. Each further hub gets its
    /// own subscription, with its own callback and secret, whose <see cref="WebSubSubscription.Parent"/> is this one; it ends with this
    /// one, or when the publisher no longer names its hub. Each update then arrives once from each hub.
    /// </summary>
    /// <value>Default: false, the first hub that accepts, in the document's order.</value>
    public bool AllHubs { get; init; }

    /// <summary>The <c>Accept</c> header of discovery, for resources with several representations (§4.1).</summary>
    /// <value>Default: feeds and HTML preferred.</value>
    public string? Accept { get; init; }

    /// <summary>The <c>Accept-Language</c> header of discovery (§4.1).</summary>
    /// <value>Default: none.</value>
    public string? AcceptLanguage { get; init; }

    /// <summary>
    /// The callback as the hub is given it, where it is not made from <c>PublicUrl</c>. The app answers at its path, or at that to which
    /// a proxy maps it, which the start logs; no other subscription may have the same. With <see cref="AppendPath"/> it is only where the
    /// callback begins, for example the URL of a tunnel.
    /// </summary>
    /// <value>Default: null.</value>
    public string? CallbackUrl { get; init; }

    /// <summary>
    /// True generates a new callback key, and with it a new random secret, for each renewal (§5.1.1); the old callback is unsubscribed once
    /// the new one is confirmed.
    /// </summary>
    /// <value>Default: false, the key stays.</value>
    public bool FreshKey { get; init; }

    /// <summary>
    /// The name of the HTTP client for requests to the hub, added with <c>AddHubHttpClient</c>: for that hub's credentials, certificates or
    /// proxy.
    /// </summary>
    /// <value>Default: null, the subscriber's own.</value>
    public string? HttpClient { get; init; }

    /// <summary>
    /// What <c>hub.verify</c> says, which PubSubHubbub 0.3 hubs demand (X1) and later ones ignore. A hub that verifies during the POST is
    /// answered then.
    /// </summary>
    /// <value>Default: <see cref="WebSubVerify.Async"/>.</value>
    public WebSubVerify Verify { get; init; }

    /// <summary>
    /// Sent as <c>hub.verify_token</c> (PubSubHubbub 0.3, X3). Verifications must then echo it; leave it null for hubs that do not support
    /// it.
    /// </summary>
    /// <value>Default: null.</value>
    public string? VerifyToken { get; init; }

    /// <summary>
    /// True appends <c>{CallbackPrefix}/{handler}/{key}</c> to <see cref="CallbackUrl"/>; false sends it as it is.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AppendPath { get; init; }

    /// <summary>The name of the HTTP client that discovery is made with, added by <c>AddHubHttpClient</c> as well.</summary>
    /// <value>Default: null, the subscriber's own.</value>
    public string? DiscoveryHttpClient { get; init; }

    /// <summary>True for a callback that a hub was told of by other means (<c>AddCallback</c>): nothing is asked of the hub.</summary>
    [JsonInclude]
    internal bool IsKnownToHub { get; init; }
}
