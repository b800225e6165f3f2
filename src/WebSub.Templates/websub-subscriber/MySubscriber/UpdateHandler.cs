using WebSub.Subscriber;

namespace MySubscriber;

/// <summary>
/// Called once for each update. If it throws, it is called again later with the same update; so what it does must do no harm when it is
/// done twice.
/// </summary>
public sealed class UpdateHandler(Updates updates, ILogger<UpdateHandler> logger) : IWebSubHandler
{
    /// <inheritdoc/>
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        logger.LogInformation(
            "{Topic} has changed: {Type}, {Length} bytes",
            notification.Topic,
            notification.ContentType,
            notification.Body.Length
        );
        updates.Add(notification.Text);
        return Task.CompletedTask;
    }
}
