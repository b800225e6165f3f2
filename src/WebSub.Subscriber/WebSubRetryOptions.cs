namespace WebSub.Subscriber;

/// <summary>
/// How failed requests to a hub are retried (section <c>WebSub:Subscriber:Retry</c>). All numbers count attempts, the first included.
/// </summary>
public sealed class WebSubRetryOptions
{
    /// <summary>How many attempts may fail in discovery or because the hub cannot be reached.</summary>
    /// <value>Default: 10.</value>
    public int MaxConnectAttempts { get; set; } = 10;

    /// <summary>How many attempts a hub may answer with an error.</summary>
    /// <value>Default: 10.</value>
    public int MaxHubErrorAttempts { get; set; } = 10;

    /// <summary>How many attempts a hub may accept and then not verify, or verify with a malformed request.</summary>
    /// <value>Default: 5.</value>
    public int MaxVerifyAttempts { get; set; } = 5;

    /// <summary>
    /// The delays before attempts 2, 3, …, ±20 %; the last one repeats. A longer <c>Retry-After</c> from the hub wins, up to a day.
    /// </summary>
    /// <value>Default: 10, 60, 300, 1800 and 7200 seconds.</value>
    public IReadOnlyList<TimeSpan> Delays { get; set; } =
    [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2)];
}
