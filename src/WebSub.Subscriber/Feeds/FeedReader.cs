using System.Xml.Linq;
using WebSub.Documents;
using WebSub.Values;
using static WebSub.Subscriber.Feeds.FeedNames;

namespace WebSub.Subscriber.Feeds;

/// <summary>
/// Reads Atom (also 0.3), RSS 2.0 (and 0.9x) and RSS 1.0 (and 0.90) into one shape. What is missing is null; nothing is invented.
/// </summary>
internal static class FeedReader
{
    private const string RelationRegistry = "http://www.iana.org/assignments/relation/";

    public static WebSubFeed Read(XDocument document)
    {
        var root = document.Root!;
        if (root.Name.LocalName == "entry" && FeedShape.IsAtom(root.Name.NamespaceName))
            return new()
            {
                Kind = WebSubFeedKind.Atom,
                Element = root,
                Entries = [AtomEntry(root)],
            };
        if (FeedShape.Channel(root) is not { } channel)
            throw new FormatException($"The document is <{root.Name.LocalName}>, which is neither an Atom nor an RSS feed.");
        if (channel == root)
            return ReadAtom(root);
        return ReadRss(root, channel, root.Name == Rdf + "RDF" ? WebSubFeedKind.Rdf : WebSubFeedKind.Rss);
    }

    private static WebSubFeed ReadAtom(XElement feed)
    {
        var atom = feed.Name.Namespace;
        return new()
        {
            Kind = WebSubFeedKind.Atom,
            Element = feed,
            Id = Text(feed, atom + "id"),
            Title = Text(feed, atom + "title"),
            Link = AtomLink(feed, "alternate"),
            Self = AtomLink(feed, "self"),
            Hubs = Hubs(feed),
            Updated = Date(feed, atom + "updated", atom + "modified"),
            Entries = [.. FeedShape.Entries(feed).Select(AtomEntry)],
            DeletedEntries = [.. feed.Elements(Tombstones + "deleted-entry").Select(Deleted)],
        };
    }

    private static WebSubFeedEntry AtomEntry(XElement entry)
    {
        var atom = entry.Name.Namespace;
        return new()
        {
            Element = entry,
            Id = Some(Text(entry, atom + "id")),
            Title = Text(entry, atom + "title"),
            Link = AtomLink(entry, "alternate"),
            Summary = Text(entry, atom + "summary"),
            Content = Text(entry, atom + "content"),
            Published = Date(entry, atom + "published", atom + "issued", atom + "created"),
            Updated = Date(entry, atom + "updated", atom + "modified"),
            Authors = [.. entry.Elements(atom + "author").Select(a => Text(a, atom + "name")).OfType<string>()],
            YouTubeVideoId = Text(entry, YouTube + "videoId"),
            YouTubeChannelId = Text(entry, YouTube + "channelId"),
        };
    }

    private static WebSubDeletedEntry Deleted(XElement element) =>
        new()
        {
            Element = element,
            Ref = (string?)element.Attribute("ref"),
            When = FeedDate.Read((string?)element.Attribute("when")),
            Link = element.Element(Atom + "link") is { } link ? Href(link) : null,
        };

    private static WebSubFeed ReadRss(XElement root, XElement channel, WebSubFeedKind kind) =>
        new()
        {
            Kind = kind,
            Element = root,
            Title = Local(channel, "title"),
            Link = RssLink(channel),
            Self = AtomLink(channel, "self"),
            Hubs = Hubs(channel),
            Updated =
                FeedDate.Read(Local(channel, "lastBuildDate"))
                ?? FeedDate.Read(Local(channel, "pubDate"))
                ?? Date(channel, DublinCore + "date", Terms + "modified", Atom + "updated"),
            Entries = [.. FeedShape.Entries(root).Select(RssEntry)],
        };

    private static WebSubFeedEntry RssEntry(XElement item) =>
        new()
        {
            Element = item,
            Id = Some(Local(item, "guid")) ?? Some((string?)item.Attribute(Rdf + "about")),
            Title = Local(item, "title") ?? Text(item, DublinCore + "title"),
            Link = RssLink(item) ?? Permalink(item),
            Summary = LocalElement(item, "description") is { } description ? TextConstruct.ReadHtml(description) : null,
            Content = item.Element(Content + "encoded") is { } content ? TextConstruct.ReadHtml(content) : null,
            Published =
                FeedDate.Read(Local(item, "pubDate"))
                ?? Date(item, DublinCore + "date", Terms + "issued", Terms + "created", Atom + "published"),
            Updated = Date(item, Atom + "updated", Terms + "modified"),
            Authors = [.. new[] { Local(item, "author"), Text(item, DublinCore + "creator") }.OfType<string>()],
        };

    /// <summary>RFC 4287 §4.2.7.2: alternate if there is none; a name with the registry before it is the same name.</summary>
    private static bool Has(XElement link, string rel)
    {
        var relations = ((string?)link.Attribute("rel") ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return relations.Length == 0
            ? rel == "alternate"
            : relations.Any(r =>
                (r.StartsWith(RelationRegistry, StringComparison.Ordinal) ? r[RelationRegistry.Length..] : r).Equals(
                    rel,
                    StringComparison.OrdinalIgnoreCase
                )
            );
    }

    private static IEnumerable<XElement> AtomLinks(XElement parent) =>
        parent
            .Elements()
            .Where(e => e.Name.LocalName == "link" && FeedShape.IsAtom(e.Name.NamespaceName) && e.Attribute("href") is not null);

    private static string? AtomLink(XElement parent, string rel) => AtomLinks(parent).Where(l => Has(l, rel)).Select(Href).FirstOrDefault();

    private static IReadOnlyList<string> Hubs(XElement parent) =>
        [.. AtomLinks(parent).Where(l => Has(l, "hub")).Select(Href).OfType<string>()];

    private static string? RssLink(XElement parent) =>
        LocalElement(parent, "link") is { } link && Some(link.Value.Trim()) is { } text
            ? Absolute(link, text)
            : AtomLink(parent, "alternate");

    /// <summary>A <c>guid</c> is the item's page unless it says that it is not.</summary>
    private static string? Permalink(XElement item) =>
        LocalElement(item, "guid") is { } guid
        && !"false".Equals(((string?)guid.Attribute("isPermaLink"))?.Trim(), StringComparison.OrdinalIgnoreCase)
        && VerbatimUrl.TryCreate(guid.Value.Trim(), out _, out _)
            ? guid.Value.Trim()
            : null;

    private static string? Href(XElement link) =>
        (string?)link.Attribute("href") is { } href ? Absolute(link, LooseReference.Clean(href)) : null;

    /// <summary>Absolute if a base in the document makes it so; else as it stands, for the reader to resolve.</summary>
    private static string Absolute(XElement element, string reference)
    {
        string? from = null;
        foreach (var at in element.AncestorsAndSelf().Reverse().Select(e => (string?)e.Attribute(XNamespace.Xml + "base")).OfType<string>())
        {
            if (LooseReference.Clean(at) is { Length: > 0 } inner)
                from = from is null ? inner : RelativeReference.Resolve(from, inner);
        }

        return from is null ? reference : RelativeReference.Resolve(from, reference);
    }

    private static DateTimeOffset? Date(XElement parent, params ReadOnlySpan<XName> names)
    {
        foreach (var name in names)
        {
            if (FeedDate.Read(Text(parent, name)) is { } date)
                return date;
        }

        return null;
    }

    private static string? Text(XElement parent, XName name) => parent.Element(name) is { } element ? TextConstruct.Read(element) : null;

    private static string? Local(XElement parent, string name) => LocalElement(parent, name)?.Value.Trim();

    // RSS 2.0 has no namespace, RSS 1.0 has its own; elements of other namespaces with the same local name are not meant. Where Atom is the
    // namespace of a whole RSS feed, the links without text are Atom's.
    private static XElement? LocalElement(XElement parent, string name) =>
        parent
            .Elements()
            .FirstOrDefault(e =>
                e.Name.LocalName == name
                && (e.Name.Namespace == XNamespace.None || e.Name.Namespace == parent.Name.Namespace)
                && !(name == "link" && FeedShape.IsAtom(e.Name.NamespaceName) && e.Attribute("href") is not null)
            );

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
