using WebSub.Subscriber;

namespace YouTubeNotifier;

/// <summary>Prints new, changed and deleted videos.</summary>
internal sealed class VideoHandler(KnownVideos known) : IWebSubHandler
{
    public async Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
    {
        var feed = notification.ReadFeed();
        foreach (var video in feed.Entries)
        {
            var news = known.Add(video.YouTubeVideoId ?? video.Id ?? "") ? "New video" : "Changed";
            await TellAsync($"{news}: {video.Title} by {string.Join(", ", video.Authors)}, {video.Link}", cancellationToken);
        }

        // An at:deleted-entry: all that is left of a video is its id.
        foreach (var gone in feed.DeletedEntries)
            await TellAsync($"Deleted: {gone.Ref}", cancellationToken);
    }

    private static Task TellAsync(string line, CancellationToken cancellationToken) =>
        Console.Out.WriteLineAsync(line.AsMemory(), cancellationToken);
}
