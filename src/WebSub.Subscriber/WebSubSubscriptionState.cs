namespace WebSub.Subscriber;

/// <summary>Where a subscription stands.</summary>
public enum WebSubSubscriptionState
{
    /// <summary>Asked for, and never confirmed yet.</summary>
    Pending,

    /// <summary>Confirmed by the hub; its lease runs. A renewal may be under way.</summary>
    Active,

    /// <summary>It shall end; the hub has not confirmed yet.</summary>
    Unsubscribing,

    /// <summary>It has ended because this app wanted it.</summary>
    Unsubscribed,

    /// <summary>The hub denied it (§5.2). It is not asked for again unless <c>SubscribeAsync</c> is called.</summary>
    Denied,

    /// <summary>Its lease ran out before a renewal was confirmed; it is being asked for anew.</summary>
    Expired,

    /// <summary>All attempts are used up. It is not asked for again unless <c>SubscribeAsync</c> is called.</summary>
    Failed,
}
