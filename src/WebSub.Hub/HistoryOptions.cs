namespace WebSub.Hub;

/// <summary>
/// What the hub keeps of each topic's log, for catching up, replay and event streams. The newest entry is kept as long as its topic is
/// subscribed to or registered.
/// </summary>
public sealed class HistoryOptions
{
    /// <summary>Entries older than this many days go; so do dead letters, and topics that nobody has subscribed to or registered.</summary>
    /// <value>Default: 7.</value>
    public long Days { get; set; } = 7;

    /// <summary>Entries beyond this many of a topic go, but for those that a subscription still waits for.</summary>
    /// <value>Default: 1000.</value>
    public long Entries { get; set; } = 1000;

    /// <summary>
    /// How many entries of a topic are kept at most while subscriptions still wait for them. Who is further behind loses the oldest.
    /// </summary>
    /// <value>Default: 10000.</value>
    public long MaxBacklog { get; set; } = 10_000;
}
