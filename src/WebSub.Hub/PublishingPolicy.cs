namespace WebSub.Hub;

/// <summary>Who may ping which topic. Pushing content always needs a key or a local caller.</summary>
public enum PublishingPolicy
{
    /// <summary>Anyone may ping a topic that has subscribers.</summary>
    Open,

    /// <summary>Only registered topics can be subscribed to and pinged.</summary>
    Registered,

    /// <summary>Only callers with a key and local callers may ping.</summary>
    Authenticated,
}
