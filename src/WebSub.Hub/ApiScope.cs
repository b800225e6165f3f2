namespace WebSub.Hub;

/// <summary>What a caller with a key may do.</summary>
public enum ApiScope
{
    /// <summary>Push content, register topics, and ping where that needs a key.</summary>
    Publish,

    /// <summary>Read what the hub has: topics, history, subscriptions.</summary>
    Read,

    // Nothing asks for it yet. The settings name it, so keys that are handed out today keep their meaning once something does.
    /// <summary>Change what the hub has: pause, revoke, replay.</summary>
    Administer,
}
