using WebSub.Subscriber;

namespace DeclarativeSubscriber;

/// <summary>
/// Looks at the home page while the hub waits, and takes only what it can use. Its subscription stands in <c>appsettings.json</c>.
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
