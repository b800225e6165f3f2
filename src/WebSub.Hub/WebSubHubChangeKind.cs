namespace WebSub.Hub;

/// <summary>What happened to a subscription of the hub.</summary>
public enum WebSubHubChangeKind
{
    /// <summary>A subscribe request was verified or needed no verification: the subscription began or was renewed.</summary>
    Subscribed,

    /// <summary>An unsubscribe request was verified or needed no verification: the subscription, if there was one, has ended.</summary>
    Unsubscribed,

    /// <summary>The callback did not confirm a request (§5.3): nothing changed.</summary>
    NotConfirmed,

    /// <summary>A request was denied after its 202, and the callback has been notified (§5.2).</summary>
    Denied,

    /// <summary>
    /// The app or an operator ended the subscription (<see cref="IWebSubHub.RevokeAsync"/>,
    /// <see cref="HubActionKind.RevokeSubscription"/>). The callback is notified.
    /// </summary>
    Revoked,

    /// <summary>An operator ended the subscription without a word (<see cref="HubActionKind.DeleteSubscription"/>).</summary>
    Deleted,

    /// <summary>The lease ended, and the subscription was removed.</summary>
    Expired,

    /// <summary>The callback answered 410, which ends the subscription.</summary>
    Gone,

    /// <summary>The hub gave up an update after its delivery had failed for too long. The subscription continues.</summary>
    UpdateGivenUp,

    /// <summary>
    /// A delivery failed or took too long: the subscription goes on by itself, with the retry schedule, until it has caught up.
    /// </summary>
    FellBehind,

    /// <summary>
    /// The subscription has had all there is, or had it given up, after going on by itself: because it fell behind, or to get the current
    /// content first.
    /// </summary>
    CaughtUp,
}
