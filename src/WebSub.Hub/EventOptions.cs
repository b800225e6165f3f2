namespace WebSub.Hub;

/// <summary>Event streams and history: reading a topic's log at <c>/hub/events</c>.</summary>
public sealed class EventOptions
{
    /// <summary>Who may read.</summary>
    /// <value>Default: <see cref="EventAccess.Keys"/>.</value>
    public EventAccess Access { get; set; } = EventAccess.Keys;

    /// <summary>
    /// Patterns of the topics that everybody may read. <c>*</c> matches anything, but in the host of a URL nothing beyond the host.
    /// </summary>
    /// <value>Default: none. Example: <c>https://blog.example/*</c>.</value>
    public IReadOnlyList<string> OpenTopics { get; set; } = [];

    /// <summary>Origins whose pages may read what their visitors may read: <c>https://app.example</c>, or <c>*</c> for all.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>The most event streams at a time, of each node; further ones are answered 503.</summary>
    /// <value>Default: 10,000.</value>
    public int MaxClients { get; set; } = 10_000;

    /// <summary>
    /// The most bytes in memory for contents above 16 KB that are being sent to event streams and as history; one client address may use a
    /// quarter. Further ones wait.
    /// </summary>
    /// <value>Default: 33554432 (32 MiB).</value>
    public long MaxBytesInFlight { get; set; } = 32L * 1024 * 1024;

    /// <summary>How often a stream with nothing to say sends a comment, so that both sides notice a broken connection.</summary>
    /// <value>Default: 15 seconds.</value>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to accept an event; then its connection is closed, and it may resume.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan SlowClient { get; set; } = TimeSpan.FromSeconds(30);
}
