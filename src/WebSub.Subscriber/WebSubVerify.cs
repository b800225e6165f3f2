namespace WebSub.Subscriber;

/// <summary>When a PubSubHubbub 0.3 hub shall verify (<c>hub.verify</c>). Hubs of WebSub and PubSubHubbub 0.4 ignore it.</summary>
public enum WebSubVerify
{
    /// <summary>Later, apart from the request.</summary>
    Async,

    /// <summary>Before the request is answered.</summary>
    Sync,

    /// <summary>Nothing is sent, for a hub that refuses what it does not know.</summary>
    None,
}
