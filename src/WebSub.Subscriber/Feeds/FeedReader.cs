using System.Xml.Linq;
using WebSub.Values;
using static WebSub.Subscriber.Feeds.FeedNames;

namespace WebSub.Subscriber.Feeds;

/// <summary>Reads Atom, RSS 2.0 (and 0.9x) and RSS 1.0 (and 0.90) into one shape. What is missing is null; nothing is invented.</summary>
internal static class FeedReader
{
    private const string RelationRegistry = "http://www.iana.org/assignments/relation/";

    public static WebSubFeed Read(XDocument document)
    {
        var root = document.Root!;
        if (root.Name == Atom + "feed")
            return ReadAtom(root);
        if (root.Name == Atom + "entry")
            return new()
            {
                Kind = WebSubFeedKind.Atom,
                Element = root,
                Entries = [AtomEntry(root)],
            };
        if (root.Name.LocalName == "rss" && root.Elements().FirstOrDefault(e => e.Name.LocalName == "channel") is { } channel)
            return ReadRss(root, channel, channel.Elements().Any(IsItem) ? channel : root, WebSubFeedKind.Rss);
        if (root.Name == Rdf + "RDF" && (root.Element(Rss1 + "channel") ?? root.Element(Rss090 + "channel")) is { } rdf)
            return ReadRss(root, rdf, root, WebSubFeedKind.Rdf);
        throw new FormatException($"The document is <{root.Name.LocalName}>, which is neither an Atom nor an RSS feed.");
    }

    private static WebSubFeed ReadAtom(XElement feed) =>
        new()
        {
            Kind = WebSubFeedKind.Atom,
            Element = feed,
            Id = Text(feed, Atom + "id"),
            Title = Text(feed, Atom + "title"),
            Link = AtomLink(feed, "alternate"),
            Self = AtomLink(feed, "self"),
            Hubs = [.. feed.Elements(Atom + "link").Where(l => Rel(l) == "hub").Select(Href).OfType<string>()],
            Updated = FeedDate.Read(Text(feed, Atom + "updated")),
            Entries = [.. feed.Elements(Atom + "entry").Select(AtomEntry)],
            DeletedEntries = [.. feed.Elements(Tombstones + "deleted-entry").Select(Deleted)],
        };

    private static WebSubFeedEntry AtomEntry(XElement entry) =>
        new()
        {
            Element = entry,
            Id = Text(entry, Atom + "id"),
            Title = Text(entry, Atom + "title"),
            Link = AtomLink(entry, "alternate"),
            Summary = Text(entry, Atom + "summary"),
            Content = Text(entry, Atom + "content"),
            Published = FeedDate.Read(Text(entry, Atom + "published")),
            Updated = FeedDate.Read(Text(entry, Atom + "updated")),
            Authors = [.. entry.Elements(Atom + "author").Select(a => Text(a, Atom + "name")).OfType<string>()],
            YouTubeVideoId = Text(entry, YouTube + "videoId"),
            YouTubeChannelId = Text(entry, YouTube + "channelId"),
        };

    private static WebSubDeletedEntry Deleted(XElement element) =>
        new()
        {
            Element = element,
            Ref = (string?)element.Attribute("ref"),
            When = FeedDate.Read((string?)element.Attribute("when")),
            Link = element.Element(Atom + "link") is { } link ? Href(link) : null,
        };

    private static WebSubFeed ReadRss(XElement root, XElement channel, XElement items, WebSubFeedKind kind) =>
        new()
        {
            Kind = kind,
            Element = root,
            Title = Local(channel, "title"),
            Link = Local(channel, "link"),
            Self = AtomLink(channel, "self"),
            Hubs = [.. channel.Elements(Atom + "link").Where(l => Rel(l) == "hub").Select(Href).OfType<string>()],
            Updated = FeedDate.Read(Local(channel, "lastBuildDate") ?? Local(channel, "pubDate") ?? Text(channel, DublinCore + "date")),
            Entries = [.. items.Elements().Where(IsItem).Select(RssEntry)],
        };

    private static WebSubFeedEntry RssEntry(XElement item) =>
        new()
        {
            Element = item,
            Id = Local(item, "guid") ?? (string?)item.Attribute(Rdf + "about"),
            Title = Local(item, "title"),
            Link = Local(item, "link"),
            Summary = Local(item, "description"),
            Content = Text(item, Content + "encoded"),
            Published = FeedDate.Read(Local(item, "pubDate") ?? Text(item, DublinCore + "date")),
            Authors = [.. new[] { Local(item, "author"), Text(item, DublinCore + "creator") }.OfType<string>()],
        };

    private static bool IsItem(XElement element) => element.Name.LocalName == "item";

    /// <summary>RFC 4287 §4.2.7.2: alternate if there is none; a name with the registry before it is the same name.</summary>
    private static string Rel(XElement link)
    {
        var rel = ((string?)link.Attribute("rel"))?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(rel))
            return "alternate";
        return rel.StartsWith(RelationRegistry, StringComparison.Ordinal) ? rel[RelationRegistry.Length..] : rel;
    }

    private static string? AtomLink(XElement parent, string rel) =>
        parent.Elements(Atom + "link").FirstOrDefault(l => Rel(l) == rel) is { } link ? Href(link) : null;

    /// <summary>Absolute if a base in the document makes it so; else as it stands, for the reader to resolve.</summary>
    private static string? Href(XElement link)
    {
        if ((string?)link.Attribute("href") is not { } href)
            return null;
        href = href.Trim();
        foreach (var element in link.AncestorsAndSelf())
        {
            if (((string?)element.Attribute(XNamespace.Xml + "base"))?.Trim() is not { Length: > 0 } at)
                continue;
            href = RelativeReference.Resolve(at, href);
        }

        return href;
    }

    private static string? Text(XElement parent, XName name) => parent.Element(name) is { } element ? TextConstruct.Read(element) : null;

    // RSS 2.0 has no namespace, RSS 1.0 has its own; elements of other namespaces with the same local name are not meant. Where Atom is the
    // namespace of a whole RSS feed, the links without text are Atom's.
    private static string? Local(XElement parent, string name) =>
        parent
            .Elements()
            .FirstOrDefault(e =>
                e.Name.LocalName == name
                && (e.Name.Namespace == XNamespace.None || e.Name.Namespace == parent.Name.Namespace)
                && !(e.Name == Atom + "link" && e.Attribute("href") is not null)
            )
            ?.Value.Trim();
}
