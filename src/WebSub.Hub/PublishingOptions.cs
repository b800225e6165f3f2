namespace WebSub.Hub;

/// <summary>What publishers may do (§6).</summary>
public sealed class PublishingOptions
{
    /// <summary>Who may ping.</summary>
    /// <value>Default: <see cref="PublishingPolicy.Open"/>.</value>
    public PublishingPolicy Policy { get; set; } = PublishingPolicy.Open;

    /// <summary>The largest content, fetched or pushed, in bytes.</summary>
    /// <value>Default: 4194304 (4 MiB).</value>
    public long MaxContentBytes { get; set; } = 4_194_304;

    /// <summary>
    /// The least time between two fetches of a topic, however often it is pinged; a ping in between is fetched when it has passed.
    /// </summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan MinFetchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Fetches of one topic host a minute, on average, and how many of them may come at once; more wait their turn, so that nobody can
    /// flood a third party through the hub. Registered topics wait for nothing.
    /// </summary>
    /// <value>Default: 600.</value>
    public long PerHostPerMinute { get; set; } = 600;

    /// <summary>
    /// The authorization policy of the host app that lets a caller push content and register topics, beside keys and local callers.
    /// </summary>
    /// <value>Default: none.</value>
    public string? AuthorizationPolicy { get; set; }

    /// <summary>The status that answers what was published: 202 as the Recommendation has it, or 204 for publishers that take nothing else.</summary>
    /// <value>Default: 202.</value>
    public int PingAnswer { get; set; } = StatusCodes.Status202Accepted;

    /// <summary>Whether Atom and RSS subscribers get only new and changed entries, where they had the document before (§7).</summary>
    /// <value>Default: true.</value>
    public bool FeedDiff { get; set; } = true;

    /// <summary>How long fetching a topic may take, redirects included.</summary>
    internal TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The delays before the second, third, … fetch of a topic that cannot be fetched; then it waits for the next ping.</summary>
    internal IReadOnlyList<TimeSpan> FetchRetryDelays { get; set; } =
    [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
}
