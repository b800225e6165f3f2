namespace WebSub.Hub;

/// <summary>What a caller with a key may do.</summary>
public enum ApiScope
{
    /// <summary>Push content, register topics, and ping where pings need a key.</summary>
    Publish,

    /// <summary>Read what the hub holds: topics, history, subscriptions.</summary>
    Read,

    // Nothing requires it yet. The settings accept it, so that keys handed out today keep their meaning once something does.
    /// <summary>Change what the hub holds: pause, revoke, replay.</summary>
    Administer,
}
