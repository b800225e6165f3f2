namespace WebSub.Conformance.Subscriber;

/// <summary>The documents that topics serve and that are delivered.</summary>
internal static class TopicPages
{
    private const string Updated = "2026-11-27T00:00:00Z";

    /// <summary>A document of that kind.</summary>
    /// <param name="kind">The topic.</param>
    /// <param name="title">The title of its one entry.</param>
    /// <param name="links">Elements that name hub and topic.</param>
    public static (string Text, string ContentType) Document(TopicKind kind, string title, string links) =>
        kind switch
        {
            TopicKind.Page => (
                $"<!doctype html>\n<html lang=\"en\"><head><title>A topic of websub check</title>{links}</head>"
                    + $"<body><p>{title}</p></body></html>\n",
                "text/html; charset=utf-8"
            ),
            TopicKind.Rss => (
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                    + "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>A topic of websub check</title>"
                    + $"<link>https://example.com/</link><description>Made for a check.</description>{links}"
                    + $"<item><title>{title}</title><guid isPermaLink=\"false\">{title}</guid></item></channel></rss>\n",
                "application/rss+xml"
            ),
            _ => (
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                    + "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:websub:check</id><title>A topic of websub check</title>"
                    + $"<updated>{Updated}</updated><author><name>websub check</name></author>{links}"
                    + $"<entry><id>urn:websub:check:{title}</id><title>{title}</title><updated>{Updated}</updated></entry></feed>\n",
                "application/atom+xml"
            ),
        };

    /// <summary>Elements that name hubs and topic in a document of that kind.</summary>
    public static string Links(TopicKind kind, string self, params IEnumerable<string> hubs)
    {
        var element = kind == TopicKind.Rss ? "atom:link" : "link";
        return string.Concat(hubs.Select(h => $"<{element} rel=\"hub\" href=\"{h}\"/>")) + $"<{element} rel=\"self\" href=\"{self}\"/>";
    }
}
