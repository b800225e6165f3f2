namespace WebSub.Subscriber;

/// <summary>How stored notifications are passed to handlers (section <c>WebSub:Subscriber:Inbox</c>).</summary>
public sealed class WebSubInboxOptions
{
    /// <summary>How many queued handlers run at a time; never more than one per subscription.</summary>
    /// <value>Default: 16.</value>
    public int MaxConcurrency { get; set; } = 16;

    /// <summary>
    /// How long a queued handler may take. After that its cancellation token is cancelled and the call counts as failed, so that one that
    /// hangs does not hold up its subscription; one that ignores the token may still run beside its next attempt.
    /// </summary>
    /// <value>Default: 10 minutes. Zero: as long as it likes.</value>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many times a handler is called for a notification before it is parked.</summary>
    /// <value>Default: 8.</value>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The delays before attempts 2, 3, …, ±20 %; the last one repeats.</summary>
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

    /// <summary>How long handled notifications are kept; repeats are recognised for that long.</summary>
    /// <value>Default: 3 days.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long parked notifications are kept for a replay.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan ParkedRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// For hubs that send no delivery ids: how long an identical body for the same subscription counts as a repeat and is dropped. A topic
    /// that returns to an earlier state within this time then goes unnoticed.
    /// </summary>
    /// <value>Default: zero, nothing is dropped because of its content.</value>
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// For subscriptions with a secret: how long an identical body for the same subscription counts as a repeat and is dropped. A signature
    /// covers the body only, so who has seen a delivery could send it again, with an id of his own or none. A body whose hub numbers its
    /// ids, as ours does, and gives this one a later number, is not a repeat; see <see cref="TrustNumberedIds"/>. From other hubs, a topic
    /// that returns to an earlier state within this time goes unnoticed.
    /// </summary>
    /// <value>Default: 10 minutes. Zero drops nothing because of its content.</value>
    public TimeSpan SignedRepeatWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether a signed body is another update if its hub has given it a later number (<c>NAME/8</c> after <c>NAME/7</c>), or says that an
    /// operator replays it. False: within <see cref="SignedRepeatWindow"/> it is a repeat whatever its id says.
    /// </summary>
    /// <value>Default: true.</value>
    public bool TrustNumberedIds { get; set; } = true;
}
