namespace WebSub.Hub;

/// <summary>How an update came to the hub.</summary>
public enum WebSubHubUpdateSource
{
    /// <summary>The hub fetched the topic, and its content had changed.</summary>
    Fetched,

    /// <summary>The publisher, or <see cref="IWebSubHub.PublishAsync"/>, gave the content.</summary>
    Pushed,

    /// <summary>A message was posted or changed its status: the predicate API.</summary>
    Message,
}
