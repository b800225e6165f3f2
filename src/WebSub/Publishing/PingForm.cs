namespace WebSub.Publishing;

/// <summary>How a ping names the topics. The W3C text leaves this open (§6); hubs differ (X4).</summary>
public enum PingForm
{
    /// <summary>Both <c>hub.topic</c> and <c>hub.url</c>: every hub finds the one it knows.</summary>
    Both,

    /// <summary><c>hub.topic</c> only, as WordPress and WebSubHub do.</summary>
    Topic,

    /// <summary><c>hub.url</c> only, as in PubSubHubbub 0.3.</summary>
    Url,
}
