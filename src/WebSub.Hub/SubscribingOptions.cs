namespace WebSub.Hub;

/// <summary>Who may subscribe to what (H13). A refused request is answered 403 with a sentence.</summary>
public sealed class SubscribingOptions
{
    /// <summary>
    /// Patterns of the topics that may be subscribed to. <c>*</c> matches anything, but in the host of a URL nothing beyond the host. A
    /// pattern without a path matches every path.
    /// </summary>
    /// <value>Default: none, which allows everything. Example: <c>https://*.example/*</c>.</value>
    public IReadOnlyList<string> Topics { get; set; } = [];

    /// <summary>Patterns of the callbacks that may be used, in the same form as <see cref="Topics"/>.</summary>
    /// <value>Default: none, which allows everything.</value>
    public IReadOnlyList<string> Callbacks { get; set; } = [];

    /// <summary>
    /// The most subscriptions whose callbacks are on one host. They are counted again when a subscription is stored; a request that is then
    /// over the limit is denied.
    /// </summary>
    /// <value>Default: 0, no limit.</value>
    public long MaxPerCallbackHost { get; set; }

    /// <summary>
    /// The most subscriptions to one topic; of messages, the most callbacks with a topic that is the same or above it, as in
    /// <c>AA.BB.*</c> above <c>AA.BB.CC</c>.
    /// </summary>
    /// <value>Default: 0, no limit.</value>
    public long MaxPerTopic { get; set; }
}
