using WebSub.Subscriber;

namespace DeclarativeSubscriber;

/// <summary>
/// Prints the posts of the blog's feed. Queued: the hub has its 200 before this runs, and if it throws, it is retried. The topic names no
/// hub, so it is that of the setting <c>DefaultHub</c>.
/// </summary>
[WebSubSubscription(Topic = "http://localhost:5090/feed")]
internal sealed class PostsHandler : IWebSubHandler
{
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        foreach (var entry in notification.ReadFeed().Entries)
            await Console.Out.WriteLineAsync($"post: {entry.Title}".AsMemory(), cancellationToken);
    }
}
