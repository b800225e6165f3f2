using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>A delivery on its way into the inbox.</summary>
/// <param name="row">The notification.</param>
/// <param name="mark">What it says of itself.</param>
/// <param name="rule">What makes it a repeat.</param>
/// <param name="version">The subscription's <see cref="Subscription.Version"/> by which it was judged.</param>
internal sealed class Arrival(InboxRow row, DeliveryMark mark, RepeatRule rule, long version)
{
    public InboxRow Row { get; } = row;

    public DeliveryMark Mark { get; } = mark;

    public RepeatRule Rule { get; } = rule;

    public long Version { get; } = version;

    /// <summary>What has become of it, once it is written.</summary>
    public ArrivalResult Result { get; set; }
}
