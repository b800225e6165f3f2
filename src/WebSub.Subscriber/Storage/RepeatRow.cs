using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>What the inbox remembers of a notification for telling repeats.</summary>
internal sealed record RepeatRow
{
    public long Id { get; init; }

    public string SubscriptionId { get; init; } = "";

    public string BodyHash { get; init; } = "";

    public string? DeliveryId { get; init; }

    public string Replay { get; init; } = "";

    public string? CallbackKeys { get; init; }

    public DatabaseTime ReceivedAt { get; init; }

    public EarlierDelivery ToEarlier() =>
        new(
            Id,
            new(DeliveryId, Replay, CallbackKey: null, IsSigned: false, ReceivedAt.ToMoment()),
            CallbackKeys?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []
        );
}
