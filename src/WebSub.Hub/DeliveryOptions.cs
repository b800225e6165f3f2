using WebSub.Signatures;

namespace WebSub.Hub;

/// <summary>How updates are delivered to callbacks (§7).</summary>
public sealed class DeliveryOptions
{
    /// <summary>How long one attempt may take.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long after an attempt is sent its subscription counts as behind and the rest of the lane stops waiting for it.
    /// </summary>
    /// <value>Default: 1 second.</value>
    public TimeSpan Straggler { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The delays, ±20 %, before the second, third, … attempt. After the last one the update is dead-lettered for that subscription.
    /// </summary>
    /// <value>Default: 5 and 30 seconds, 2 and 10 minutes, 1, 3, 6 and 12 hours.</value>
    public IReadOnlyList<TimeSpan> RetryDelays { get; set; } =
    [
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(3),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(12),
    ];

    /// <summary>
    /// How long a claim on a lane lasts on PostgreSQL: 30 seconds, renewed every 10 (rule 26); longer if <see cref="Timeout"/> is long,
    /// since no attempt starts that could outlive the claim.
    /// </summary>
    internal TimeSpan ClaimFor =>
        Timeout + TimeSpan.FromSeconds(20) > TimeSpan.FromSeconds(30) ? Timeout + TimeSpan.FromSeconds(20) : TimeSpan.FromSeconds(30);

    /// <summary>How long a member may hold up the members that are as far ahead as they may get (rule 17).</summary>
    internal TimeSpan BlockedFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most attempts younger than 50 ms in flight in this process.</summary>
    /// <value>Default: 256.</value>
    public int MaxConcurrency { get; set; } = 256;

    /// <summary>The most attempts younger than 50 ms in flight to one origin.</summary>
    /// <value>Default: 64.</value>
    public int MaxPerOrigin { get; set; } = 64;

    /// <summary>
    /// The most older attempts in flight in this process. When all these slots are taken, the attempts that have waited longest are ended
    /// early, but never before <see cref="Straggler"/>.
    /// </summary>
    /// <value>Default: 2048.</value>
    public int MaxSlow { get; set; } = 2048;

    /// <summary>The most older attempts in flight to one origin.</summary>
    /// <value>Default: 128.</value>
    public int MaxSlowPerOrigin { get; set; } = 128;

    /// <summary>
    /// The most bytes of content in memory for attempts in flight. A content counts once, however many attempts share it, and with twice
    /// its size, since the runtime frees memory late. Contents of up to 16 KB do not count. Half of it goes to one origin at most. What has
    /// no room waits.
    /// </summary>
    /// <value>Default: 268435456 (256 MB).</value>
    public long MaxBytesInFlight { get; set; } = 256L * 1024 * 1024;

    /// <summary>Whether a 410 ends the subscription (§7 allows it); if not, it counts as any other failure.</summary>
    /// <value>Default: true.</value>
    public bool EndOnGone { get; set; } = true;

    /// <summary>The method of <c>X-Hub-Signature</c> for subscriptions that did not request another.</summary>
    /// <value>Default: sha256.</value>
    public SignatureMethod Signature { get; set; } = SignatureMethod.Sha256;
}
