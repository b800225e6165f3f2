using System.Text;
using System.Xml;
using Microsoft.Extensions.Primitives;
using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Hub.Publishing;
using WebSub.Subscriber;

namespace WebSub.Fuzz.Targets;

/// <summary>Pages and feeds.</summary>
internal static class DocumentTargets
{
    private static readonly byte[] Before = Encoding.UTF8.GetBytes(
        """
        <feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>F</title><updated>2026-01-01T00:00:00Z</updated>
        <entry><id>1</id><title>one</title></entry><entry><id>2</id><title>two</title></entry></feed>
        """
    );

    public static void Discovery(byte[] input)
    {
        using var response = new HttpResponseMessage();
        foreach (var type in new[] { "text/html", "application/xhtml+xml", "application/atom+xml", "text/plain", null })
        {
            response.Content = new ByteArrayContent([]);
            if (type is not null)
                response.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            ResourceLinks.Read(response, "https://site.example/a/b?c", input, Budget());
        }
    }

    public static void Feeds(byte[] input)
    {
        var notification = new WebSubNotification
        {
            Body = input,
            ContentType = "application/xml",
            Headers = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase),
            Subscription = null!,
            Topic = "https://site.example/feed",
            ReceivedAt = DateTimeOffset.UnixEpoch,
        };
        try
        {
            foreach (var entry in notification.ReadFeed().Entries)
                _ = entry.ToString();
        }
        catch (Exception e) when (e is XmlException or FormatException)
        {
            // Documented: not XML, or not a feed.
        }
    }

    public static void FeedDiffs(byte[] input)
    {
        FeedDiff.Between(Before, input, Budget());
        FeedDiff.Between(input, Before, Budget());
        FeedDiff.Between(input, input, Budget());
        if (FeedDiff.Between(input, [.. input, (byte)' '], Budget()) is { Length: > 0 } diff)
            DocumentXml.Parse(DocumentText.Decode(diff, "application/xml"));
    }

    private static DocumentBudget Budget() => new(DocumentBudget.NodesOfDiscovery, default);
}
