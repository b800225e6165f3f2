namespace WebSub.Hub;

/// <summary>Who may subscribe to what (H13). What is refused is refused with a 403 and a sentence.</summary>
public sealed class SubscribingOptions
{
    /// <summary>
    /// Patterns of topics that may be subscribed to; <c>*</c> stands for anything, but in the host of a URL for nothing beyond it. A
    /// pattern without a path takes every path.
    /// </summary>
    /// <value>Default: none, which allows all. Example: <c>https://*.example/*</c>.</value>
    public IReadOnlyList<string> Topics { get; set; } = [];

    /// <summary>Patterns of callbacks that may be used, written like those of <see cref="Topics"/>.</summary>
    /// <value>Default: none, which allows all.</value>
    public IReadOnlyList<string> Callbacks { get; set; } = [];

    /// <summary>
    /// The most subscriptions whose callbacks have one host. Counted again when a subscription is stored; who came too late is told it is
    /// denied.
    /// </summary>
    /// <value>Default: 0, no limit.</value>
    public long MaxPerCallbackHost { get; set; }

    /// <summary>The most subscriptions to one topic.</summary>
    /// <value>Default: 0, no limit.</value>
    public long MaxPerTopic { get; set; }
}
