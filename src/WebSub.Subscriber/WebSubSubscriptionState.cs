namespace WebSub.Subscriber;

/// <summary>The state of a subscription.</summary>
public enum WebSubSubscriptionState
{
    /// <summary>Requested, and never confirmed yet.</summary>
    Pending,

    /// <summary>Confirmed by the hub, with a lease that is running. A renewal may be under way.</summary>
    Active,

    /// <summary>Being ended; the hub has not confirmed yet.</summary>
    Unsubscribing,

    /// <summary>Ended at this app's request.</summary>
    Unsubscribed,

    /// <summary>The hub denied it (§5.2). It is not requested again until <c>SubscribeAsync</c> is called.</summary>
    Denied,

    /// <summary>Its lease ran out before a renewal was confirmed; it is being requested again.</summary>
    Expired,

    /// <summary>All attempts are used up. It is not requested again until <c>SubscribeAsync</c> is called.</summary>
    Failed,
}
