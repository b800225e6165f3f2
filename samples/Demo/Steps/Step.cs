namespace Demo.Steps;

/// <summary>What can be seen of one subscription, in this order; published, delivered and renewed again and again.</summary>
internal enum Step
{
    /// <summary>The subscriber found hub and topic in the feed's Link header.</summary>
    Discovered,

    /// <summary>The hub took the subscriber's request.</summary>
    Subscribed,

    /// <summary>The hub asked the subscriber whether it meant it, and got its challenge back.</summary>
    Verified,

    /// <summary>The hub took the publisher's ping.</summary>
    Published,

    /// <summary>The subscriber got what was published, with a good signature.</summary>
    Delivered,

    /// <summary>The lease was extended before it ended.</summary>
    Renewed,

    /// <summary>The hub asked about the end of it, too.</summary>
    Unsubscribed,
}
