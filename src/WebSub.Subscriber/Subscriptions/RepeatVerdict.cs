namespace WebSub.Subscriber.Subscriptions;

/// <summary>What <see cref="RepeatRule"/> says of a delivery.</summary>
/// <param name="IsNew">True if it is to be handled.</param>
/// <param name="Half">The one that came over another callback of the subscription; null if that is not the reason.</param>
internal sealed record RepeatVerdict(bool IsNew, EarlierDelivery? Half = null)
{
    public static RepeatVerdict New { get; } = new(true);

    public static RepeatVerdict Repeat { get; } = new(false);

    public static RepeatVerdict OtherHalfOf(EarlierDelivery half) => new(false, half);
}
