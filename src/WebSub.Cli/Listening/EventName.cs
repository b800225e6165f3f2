namespace WebSub.Cli.Listening;

/// <summary>What <c>listen</c> tells of: the first word of a line, and <c>event</c> in JSON.</summary>
internal static class EventName
{
    public const string Discovered = "discovered";
    public const string Subscribed = "subscribed";
    public const string Verified = "verified";
    public const string Denied = "denied";
    public const string Notification = "notification";
    public const string Rejected = "rejected";
    public const string Renewed = "renewed";
    public const string Expired = "expired";
    public const string Failed = "failed";
    public const string Unsubscribed = "unsubscribed";
    public const string Connected = "connected";
    public const string Gap = "gap";

    /// <summary>All of them, with what they mean.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        (Discovered, "the resource names its topic and hubs"),
        (Subscribed, "a hub answered the request with 2xx"),
        (Verified, "the hub asked back, and was told that the subscription is wanted"),
        (Denied, "the hub will not have the subscription, or has ended it"),
        (Notification, "an update arrived; if there is a secret, its signature was good"),
        (Rejected, "a delivery was refused, because its signature was missing or wrong, for example"),
        (Renewed, "the lease was renewed in time"),
        (Expired, "the lease ended without having been renewed; the hub is asked again"),
        (Failed, "something did not work; `reason` says what, and whether it is tried again"),
        (Unsubscribed, "the hub has let go, or the subscription is no longer wanted here"),
        (Connected, "`--stream`: the hub's event stream is open"),
        (Gap, "`--stream`: the hub no longer keeps some of the updates that were asked for; `reason` says which"),
    ];
}
