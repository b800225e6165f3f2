namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// Whether a delivery repeats one with the same body that came before for the same subscription. A signature covers the body only, so
/// neither an id nor its absence proves that a signed body is sent for the first time. Pure.
/// </summary>
/// <remarks>
/// <para>1. The same id, and the same number of an operator's replay: a repeat, whenever it comes.</para>
/// <para>
/// 2. No id, while an old callback is still answered: what came over one of the callbacks and now comes over another is one update. Twice
/// over the same one is two.
/// </para>
/// <para>3. No id, and within <see cref="PlainWindow"/>: a repeat.</para>
/// <para>
/// 4. Signed, and within <see cref="SignedWindow"/>: a repeat, unless its hub numbers its ids and this number is a later one, or an
/// operator's replay of the same.
/// </para>
/// </remarks>
/// <param name="PlainWindow">How long a body without an id counts as a repeat; zero for not at all.</param>
/// <param name="SignedWindow">How long a signed body counts as a repeat; zero for not at all.</param>
/// <param name="TrustsNumbers">False: a signed body is a repeat whatever its id says.</param>
internal sealed record RepeatRule(TimeSpan PlainWindow, TimeSpan SignedWindow, bool TrustsNumbers)
{
    public static RepeatRule Of(WebSubInboxOptions options) =>
        new(options.RepeatWindow, options.SignedRepeatWindow, options.TrustNumberedIds);

    /// <summary>What becomes of a delivery.</summary>
    /// <param name="delivery">The one that has just come.</param>
    /// <param name="earlier">Those with its body, oldest first.</param>
    public RepeatVerdict Judge(DeliveryMark delivery, IReadOnlyCollection<EarlierDelivery> earlier)
    {
        // 1.
        if (delivery.Id is not null && earlier.Any(e => e.Mark.Id == delivery.Id && e.Mark.Replay == delivery.Replay))
            return RepeatVerdict.Repeat;

        // 2.
        if (delivery is { Id: null, CallbackKey: { } key } && earlier.FirstOrDefault(e => IsOtherHalf(e, key)) is { } half)
            return RepeatVerdict.OtherHalfOf(half);

        // 3. and 4.
        return earlier.Any(e =>
            (delivery.Id is null && IsWithin(PlainWindow, e, delivery))
            || (delivery.IsSigned && IsWithin(SignedWindow, e, delivery) && !(TrustsNumbers && IsLater(delivery, e.Mark)))
        )
            ? RepeatVerdict.Repeat
            : RepeatVerdict.New;
    }

    private static bool IsOtherHalf(EarlierDelivery earlier, string key) =>
        earlier.Mark.Id is null && earlier.CallbackKeys is { Count: > 0 } keys && !keys.Contains(key);

    private static bool IsWithin(TimeSpan window, EarlierDelivery earlier, DeliveryMark delivery) =>
        earlier.Mark.ReceivedAt > delivery.ReceivedAt - window;

    private static bool IsLater(DeliveryMark delivery, DeliveryMark earlier) =>
        DeliveryNumber.Of(delivery.Id) is { } number
        && DeliveryNumber.Of(earlier.Id) is { } before
        && number.Series == before.Series
        && (number.Number > before.Number || (number.Number == before.Number && delivery.Replay.Length > 0));
}
