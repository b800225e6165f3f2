using WebSub.Subscriber.Wolverine;

namespace BusSubscriber;

/// <summary>A consumer as apps write them.</summary>
public sealed class NewsConsumer(Reporter reporter)
{
    /// <summary>Handles one notification.</summary>
    public Task HandleAsync(WebSubNotificationReceived message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return reporter.TellAsync(
            message.Body is { } body ? message.ToNotification(body).Text : $"{message.Length} bytes",
            cancellationToken
        );
    }
}
