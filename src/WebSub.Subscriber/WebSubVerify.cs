namespace WebSub.Subscriber;

/// <summary>When a PubSubHubbub 0.3 hub is to verify (<c>hub.verify</c>). WebSub and PubSubHubbub 0.4 hubs ignore it.</summary>
public enum WebSubVerify
{
    /// <summary>Not sent, as in WebSub.</summary>
    None,

    /// <summary>After the request has been answered.</summary>
    Async,

    /// <summary>Before the request is answered.</summary>
    Sync,
}
