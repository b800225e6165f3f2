namespace WebSub.Subscriber;

/// <summary>
/// How hubs that have fallen silent are noticed, and what is done about them (section <c>WebSub:Subscriber:Health</c>).
/// </summary>
public sealed class WebSubHealthOptions
{
    /// <summary>
    /// A hub counts as silent for a subscription when it has delivered nothing for this long, and for
    /// <see cref="SilentAfterPauses"/> times its usual pause. Then it is asked again. Zero: silence is not watched for.
    /// </summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many usual pauses between deliveries count as silence; see <see cref="SilentAfter"/>.</summary>
    /// <value>Default: 8.</value>
    public double SilentAfterPauses { get; set; } = 8;

    /// <summary>
    /// Asks topics themselves, by conditional GET, whether they have changed. An update that the hub has not delivered
    /// <see cref="PollGrace"/> later goes to the handler as <see cref="WebSubNotificationSource.Poll"/>, and the hub is asked again.
    /// </summary>
    /// <value>Default: false.</value>
    public bool Poll { get; set; }

    /// <summary>The shortest pause between two polls of a topic. It follows the usual pause between its deliveries.</summary>
    /// <value>Default: 15 minutes.</value>
    public TimeSpan PollAtLeast { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest pause between two polls of a topic; polls that find nothing new get rarer up to this.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan PollAtMost { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a hub has to deliver an update that a poll has found.</summary>
    /// <value>Default: 5 minutes.</value>
    public TimeSpan PollGrace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Leaves a hub that has missed an update although it was asked again before, for another one that the topic advertises.
    /// </summary>
    /// <value>Default: false.</value>
    public bool ChangeHub { get; set; }

    /// <summary>
    /// Fetches the topic once when a hub has verified a subscription that was not active, and passes it to the handler as
    /// <see cref="WebSubNotificationSource.Verification"/>: what was published before, or between two leases, is not missed.
    /// </summary>
    /// <value>Default: false.</value>
    public bool FetchAfterVerification { get; set; }

    /// <summary>
    /// Fills a hole in the delivery ids of a hub that numbers them from the hub's history (<c>GET HUB/events</c>), where it may be read.
    /// </summary>
    /// <value>Default: true.</value>
    public bool FillGaps { get; set; } = true;
}
