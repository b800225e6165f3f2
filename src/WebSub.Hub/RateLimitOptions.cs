namespace WebSub.Hub;

/// <summary>
/// How many requests one client address may make; more are answered 429 with <c>Retry-After</c>. Callers with a key and local callers are
/// exempt.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>Subscribe and unsubscribe requests per minute.</summary>
    /// <value>Default: 600.</value>
    public long SubscribesPerMinute { get; set; } = 600;

    /// <summary>Topics pinged or pushed per minute.</summary>
    /// <value>Default: 6000.</value>
    public long PublishesPerMinute { get; set; } = 6000;
}
