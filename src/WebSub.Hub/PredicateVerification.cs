namespace WebSub.Hub;

/// <summary>Whose predicate subscriptions are verified by a GET to the callback (§5.3).</summary>
public enum PredicateVerification
{
    /// <summary>Everybody's but those of a caller with a key and of a local one.</summary>
    Auto,

    /// <summary>Everybody's.</summary>
    Always,

    /// <summary>Nobody's, as the intergov API has it. Then anybody can have this hub send messages anywhere it may reach.</summary>
    Never,
}
