namespace WebSub.Hub;

/// <summary>How long subscriptions last (§5.1, H21). A requested lease is clamped, never refused; no lease is perpetual.</summary>
public sealed class LeaseOptions
{
    /// <summary>The lease, in seconds, of a request that does not ask for one.</summary>
    /// <value>Default: 864000 (10 days).</value>
    public long DefaultSeconds { get; set; } = 864_000;

    /// <summary>The shortest lease, in seconds.</summary>
    /// <value>Default: 300.</value>
    public long MinSeconds { get; set; } = 300;

    /// <summary>The longest lease, in seconds.</summary>
    /// <value>Default: 2592000 (30 days).</value>
    public long MaxSeconds { get; set; } = 2_592_000;

    /// <summary>The longest lease that can be configured, ten years: no lease is perpetual (H21).</summary>
    internal const long Longest = 10L * 365 * 86_400;

    internal long Grant(long? requested) => Math.Clamp(requested ?? DefaultSeconds, MinSeconds, MaxSeconds);
}
