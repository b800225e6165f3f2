using Wolverine;
using Wolverine.Configuration;
using Wolverine.Runtime;

namespace WebSub.Subscriber.Wolverine;

/// <summary>
/// Refuses to hand notifications to a bus that would keep them in memory only: what is not durable would be lost with the process.
/// </summary>
internal sealed class BusRoute(IWolverineRuntime runtime)
{
    private volatile bool _isChecked;

    /// <exception cref="InvalidOperationException">The message has no route, or one without a durable outbox.</exception>
    public void Check(IMessageBus bus, WebSubNotificationReceived message, DeliveryOptions delivery)
    {
        if (_isChecked)
            return;
        var routes = bus.PreviewSubscriptions(message, delivery);
        if (routes.Count == 0)
        {
            throw new InvalidOperationException(
                $"The bus has no route for {nameof(WebSubNotificationReceived)}; add one, such as "
                    + $"bus.PublishMessage<{nameof(WebSubNotificationReceived)}>().ToRabbitQueue(\"news\")."
            );
        }

        if (routes.FirstOrDefault(IsInMemory) is { } unsafeRoute)
        {
            throw new InvalidOperationException(
                $"The route of {nameof(WebSubNotificationReceived)} to {unsafeRoute.Destination} has no durable outbox, so a notification "
                    + "could be lost with this process; call bus.Policies.UseDurableOutboxOnAllSendingEndpoints() (for local queues "
                    + "UseDurableLocalQueues()) with a message store such as PersistMessagesWithPostgresql."
            );
        }

        _isChecked = true;
    }

    private bool IsInMemory(Envelope route) =>
        route.Destination is { } destination && runtime.Endpoints.EndpointFor(destination) is not { Mode: EndpointMode.Durable };
}
