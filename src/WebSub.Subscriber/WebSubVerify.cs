namespace WebSub.Subscriber;

/// <summary>When a PubSubHubbub 0.3 hub is to verify (<c>hub.verify</c>). WebSub and PubSubHubbub 0.4 hubs ignore it.</summary>
public enum WebSubVerify
{
    /// <summary>After the request has been answered.</summary>
    Async,

    /// <summary>Before the request is answered.</summary>
    Sync,

    /// <summary>Nothing is sent, for a hub that refuses what it does not know.</summary>
    None,
}
