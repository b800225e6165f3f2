namespace WebSub.Hub;

/// <summary>How the hub verifies that a subscriber meant its request (§5.3).</summary>
public sealed class VerificationOptions
{
    /// <summary>How long one verification request may take.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The delays before the second, third, … attempt after a network error or a 5xx. Any other answer is final.</summary>
    /// <value>Default: 5, 30 and 120 seconds.</value>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    /// <summary>Verification requests per minute to one callback host; further ones wait.</summary>
    /// <value>Default: 600.</value>
    public long PerHostPerMinute { get; set; } = 600;

    /// <summary>The most verifications younger than a second in flight in this process.</summary>
    internal int MaxConcurrency { get; set; } = 64;
}
