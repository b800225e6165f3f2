namespace WebSub.Hub;

/// <summary>
/// How often one client address may call; over it 429 with <c>Retry-After</c>. Callers with a key and local ones are exempt.
/// </summary>
public sealed class RateLimitOptions
{
    /// <summary>Subscribe and unsubscribe requests a minute.</summary>
    /// <value>Default: 600.</value>
    public long SubscribesPerMinute { get; set; } = 600;

    /// <summary>Topics pinged and pushed a minute.</summary>
    /// <value>Default: 6000.</value>
    public long PublishesPerMinute { get; set; } = 6000;
}
