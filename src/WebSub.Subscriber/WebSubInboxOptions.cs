namespace WebSub.Subscriber;

/// <summary>How stored notifications are handed to handlers (section <c>WebSub:Subscriber:Inbox</c>).</summary>
public sealed class WebSubInboxOptions
{
    /// <summary>How many handlers run at a time; of one subscription always one.</summary>
    /// <value>Default: 16.</value>
    public int MaxConcurrency { get; set; } = 16;

    /// <summary>How often a handler is called for one notification before it is parked.</summary>
    /// <value>Default: 8.</value>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The waits before attempt 2, 3, …, give or take 20 %; the last one repeats.</summary>
    /// <value>Default: 1, 5, 30, 120, 600, 1800 and 3600 seconds.</value>
    public IReadOnlyList<TimeSpan> Delays { get; set; } =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
    ];

    /// <summary>How long handled notifications are kept; a repeat is recognised for as long.</summary>
    /// <value>Default: 3 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long parked notifications are kept for a replay.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan ParkedRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// From hubs that send no delivery ids: how long the same body of the same subscription counts as a repeat and is dropped. A topic that
    /// goes back to an earlier state within this time is then missed.
    /// </summary>
    /// <value>Default: zero, nothing is dropped by its content.</value>
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.Zero;
}
