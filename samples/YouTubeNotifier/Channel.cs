using WebSub.Subscriber;

namespace YouTubeNotifier;

/// <summary>The topic that YouTube publishes for each channel.</summary>
internal static class Channel
{
    private const string Feed = "https://www.youtube.com/feeds/videos.xml?channel_id=";

    // The topic is given, not discovered: YouTube's hub requires exactly this URL, and the feed itself names a slightly different one.
    public static WebSubTarget Topic(string id) => WebSubTarget.Topic(Feed + Uri.EscapeDataString(id));

    public static string IdOf(WebSubTarget target) => target.TopicName![Feed.Length..];
}
