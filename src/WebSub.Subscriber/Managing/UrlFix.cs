using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>What is to be done with a subscription whose callback URL no longer fits.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Handler">The name of its handler from now on.</param>
/// <param name="Into">The subscription to the same target that the handler has already, which takes its notifications; or null.</param>
/// <param name="Why">What has changed, in a few words.</param>
internal sealed record UrlFix(Subscription Subscription, string Handler, Subscription? Into, string Why)
{
    public bool IsRenamed => Handler != Subscription.Handler;

    /// <summary>The callback URL that the hub has; null if it has none.</summary>
    public string? OldUrl =>
        Subscription.Pending is { IsSubscribe: true, CallbackUrl: { } asked } ? asked : Subscription.Active?.CallbackUrl;
}
