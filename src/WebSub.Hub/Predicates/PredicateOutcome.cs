namespace WebSub.Hub.Predicates;

/// <summary>What became of a predicate subscription request.</summary>
internal enum PredicateOutcome
{
    /// <summary>It is done, or stored for its verification.</summary>
    Accepted,

    /// <summary>The callback has that subscription already, and renewing is not how this hub is set.</summary>
    Exists,

    /// <summary>The callback has as many subscriptions as it may have.</summary>
    TooMany,

    /// <summary>There is no such subscription to end.</summary>
    NotFound,
}
