using WebSub.Subscriber;

namespace DeclarativeSubscriber;

/// <summary>
/// Checks the home page while the hub waits, and accepts only what it can use. Its subscription is in <c>appsettings.json</c>.
/// </summary>
internal sealed class PageHandler : IWebSubInlineHandler
{
    public async ValueTask<WebSubReply> HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        if (notification.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
            return WebSubReply.Reject(415);

        await Console.Out.WriteLineAsync($"page: {notification.Text.Length} characters".AsMemory(), cancellationToken);
        return WebSubReply.Accept;
    }
}
