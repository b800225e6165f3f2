namespace WebSub.Hub.Predicates;

/// <summary>The outcome of a predicate subscription request.</summary>
internal enum PredicateOutcome
{
    /// <summary>It is done, or stored for verification.</summary>
    Accepted,

    /// <summary>The callback already has this subscription, and this hub is set not to renew it.</summary>
    Exists,

    /// <summary>The callback has reached its limit of subscriptions.</summary>
    TooMany,

    /// <summary>As many callbacks get the topic's messages as may.</summary>
    TopicFull,

    /// <summary>There is no such subscription to end.</summary>
    NotFound,
}
