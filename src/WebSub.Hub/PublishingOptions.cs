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
    /// The most bytes in memory for topics that are being fetched, a quarter of it for one host. Of each fetch 32 KB do not count; one that
    /// needs more counts with twice what it may still become, and waits for room.
    /// </summary>
    /// <value>Default: 33554432 (32 MiB).</value>
    public long MaxFetchBytes { get; set; } = 32L * 1024 * 1024;

    /// <summary>
    /// The most bytes in memory for content that is being pushed, a quarter of it for one client address; counted in the same way. A push
    /// that finds no room within a minute is answered with 503.
    /// </summary>
    /// <value>Default: 33554432 (32 MiB).</value>
    public long MaxIntakeBytes { get; set; } = 32L * 1024 * 1024;

    /// <summary>
    /// The shortest time between two fetches of a topic, however often it is pinged; a ping in between is fetched once it has passed.
    /// </summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan MinFetchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Fetches per minute from one topic host, on average, and the size of a burst; further ones wait, so that the hub cannot be used to
    /// flood a third party, nor be flooded by one: a document counts once for each 10,000 elements and attributes that are read. Registered
    /// topics are exempt.
    /// </summary>
    /// <value>Default: 600.</value>
    public long PerHostPerMinute { get; set; } = 600;

    /// <summary>
    /// The host app's authorization policy that allows a caller to push content and register topics, in addition to keys and local callers.
    /// </summary>
    /// <value>Default: none.</value>
    public string? AuthorizationPolicy { get; set; }

    /// <summary>
    /// The status of the answer to pings and pushed content: 202 as in the Recommendation, or 204 for publishers that accept nothing else.
    /// </summary>
    /// <value>Default: 202.</value>
    public int PingAnswer { get; set; } = StatusCodes.Status202Accepted;

    /// <summary>
    /// Whether subscribers to Atom and RSS that have received the previous document get only new and changed entries (§7).
    /// </summary>
    /// <value>Default: true.</value>
    public bool FeedDiff { get; set; } = true;

    /// <summary>How long fetching a topic may take, redirects included.</summary>
    internal TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The delays before the second, third, … try after a fetch failed; then the topic waits for the next ping.</summary>
    internal IReadOnlyList<TimeSpan> FetchRetryDelays { get; set; } =
    [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
}
