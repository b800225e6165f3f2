using WebSub.Subscriber;

namespace NewsApp;

/// <summary>
/// Gets each update. It is stored before the hub gets its answer, so the hub does not wait for this; if it throws, it is called again.
/// After a crash it may be called twice with the same update: make that harmless.
/// </summary>
public sealed class UpdateHandler(LatestEntries entries, ILogger<UpdateHandler> logger) : IWebSubHandler
{
    /// <inheritdoc/>
    public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        foreach (var entry in notification.ReadFeed().Entries)
        {
            logger.LogInformation("New in {Topic}: {Title}", notification.Topic, entry.Title);
            entries.Add(entry.Title ?? "");
        }

        return Task.CompletedTask;
    }
}
