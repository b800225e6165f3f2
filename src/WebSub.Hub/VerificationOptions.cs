namespace WebSub.Hub;

/// <summary>How the hub verifies that a subscriber meant its request (§5.3).</summary>
public sealed class VerificationOptions
{
    /// <summary>How long one verification request may take.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The delays, in seconds, before the second, third, … try after a network error or a 5xx. Any other answer is final.
    /// </summary>
    /// <value>Default: 5, 30, 120.</value>
    public IReadOnlyList<long> RetrySeconds { get; set; } = [5, 30, 120];

    /// <summary>Verification requests to one callback host a minute; more wait their turn.</summary>
    /// <value>Default: 600.</value>
    public long PerHostPerMinute { get; set; } = 600;

    /// <summary>How many verifications younger than a second run at a time in one process.</summary>
    internal int MaxConcurrency { get; set; } = 64;
}
