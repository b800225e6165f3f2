namespace WebSub.Hub;

/// <summary>
/// How much of each topic's log the hub keeps for catching up, replay and event streams. The newest entry is kept as long as its topic
/// has a subscriber or is registered.
/// </summary>
public sealed class HistoryOptions
{
    /// <summary>
    /// How many days entries are kept. Dead letters, and topics with neither subscribers nor a registration, are removed after the same
    /// time.
    /// </summary>
    /// <value>Default: 7.</value>
    public long Days { get; set; } = 7;

    /// <summary>How many entries of a topic are kept, not counting older ones that a subscription still waits for.</summary>
    /// <value>Default: 1000.</value>
    public long Entries { get; set; } = 1000;

    /// <summary>
    /// The most entries of a topic kept while subscriptions still wait for them. A subscription that is further behind misses the oldest.
    /// </summary>
    /// <value>Default: 10000.</value>
    public long MaxBacklog { get; set; } = 10_000;
}
