using WebSub.Subscriber;

namespace TestingYourSubscriber;

/// <summary>The part of the app that most tests are about.</summary>
public sealed class HeadlineHandler(Headlines headlines) : IWebSubHandler
{
    /// <inheritdoc/>
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        headlines.Add(notification.Text.Trim().ToUpperInvariant());
        return Task.CompletedTask;
    }
}
