namespace WebSub.Hub;

/// <summary>Which predicate subscriptions are verified by a GET to the callback (§5.3).</summary>
public enum PredicateVerification
{
    /// <summary>All but those requested with a key or by a local caller.</summary>
    Auto,

    /// <summary>All.</summary>
    Always,

    /// <summary>None, as in the intergov API. Anyone can then make this hub send messages to any address it may reach.</summary>
    Never,
}
