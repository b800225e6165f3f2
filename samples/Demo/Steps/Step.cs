namespace Demo.Steps;

/// <summary>What can be observed of one subscription, in this order; publishing, delivery and renewal repeat.</summary>
internal enum Step
{
    /// <summary>The subscriber found hub and topic in the feed's Link header.</summary>
    Discovered,

    /// <summary>The hub accepted the subscriber's request.</summary>
    Subscribed,

    /// <summary>The hub verified the subscriber's intent and got its challenge back.</summary>
    Verified,

    /// <summary>The hub accepted the publisher's ping.</summary>
    Published,

    /// <summary>The subscriber received what was published, with a valid signature.</summary>
    Delivered,

    /// <summary>The lease was extended before it ended.</summary>
    Renewed,

    /// <summary>The hub verified its end, too.</summary>
    Unsubscribed,
}
