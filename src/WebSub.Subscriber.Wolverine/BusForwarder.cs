using Microsoft.Extensions.Options;
using Wolverine;

namespace WebSub.Subscriber.Wolverine;

/// <summary>
/// Hands a notification from the inbox, where it has been since the hub got its 200, to the bus's durable outbox. Only when that has it is
/// it done in the inbox: whatever fails in between, it is handed over again, with the same id.
/// </summary>
internal sealed class BusForwarder(IMessageBus bus, BusRoute route, IOptionsMonitor<WebSubWolverineOptions> options) : IWebSubHandler
{
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        var message = Message(notification, options.Get(notification.Subscription.Handler));
        var group = notification.Subscription.Id.ToString("D");
        var delivery = new DeliveryOptions
        {
            GroupId = group,
            PartitionKey = group,
            DeduplicationId = message.Id,
        };
        route.Check(bus, message, delivery);
        await bus.SendAsync(message, delivery);
    }

    private static WebSubNotificationReceived Message(WebSubNotification notification, WebSubWolverineOptions how)
    {
        var id = notification.InboxId ?? throw new InvalidOperationException("Only what is in the inbox goes on the bus.");
        var travels = notification.Body.Length <= how.MaxBodyBytes;
        return new()
        {
            Id = $"{notification.Subscription.Id:D}/{id}",
            SubscriptionId = notification.Subscription.Id,
            Handler = notification.Subscription.Handler,
            Topic = notification.Topic,
            DeliveryId = notification.DeliveryId,
            ContentType = notification.ContentType,
            Headers = notification.Headers.ToDictionary(h => h.Key, h => h.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal),
            Body = travels ? notification.Body.ToArray() : null,
            BodyReference = travels ? null : id,
            Length = notification.Body.Length,
            ReceivedAt = notification.ReceivedAt,
        };
    }
}
