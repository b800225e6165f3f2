using System.Text;
using System.Text.Encodings.Web;
using System.Xml;
using System.Xml.Linq;
using WebSub.Protocol;
using WebSub.Publisher.Links;

namespace WebSub.Publisher;

/// <summary>
/// The hubs and the topic of a resource, and three ways to advertise them (§4). Get those of a request with
/// <c>context.GetWebSubLinks()</c>. All three spell a URL in the same way: characters that a URL cannot contain are percent-encoded.
/// </summary>
/// <param name="Hubs">The hubs.</param>
/// <param name="Self">The topic: the URL that subscribers subscribe to. Empty where there is none, as on error pages.</param>
public sealed record WebSubLinks(IReadOnlyList<string> Hubs, string Self)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    /// <summary>Those of what is no topic.</summary>
    internal static WebSubLinks None { get; } = new([], "");

    /// <summary>The value of a <c>Link</c> header (D2, D3): <c>&lt;hub&gt;; rel="hub", &lt;self&gt;; rel="self"</c>.</summary>
    public string ToHeader() => LinkHeader.Write(Hubs.Select(TopicSpelling.OfUrl), Self.Length == 0 ? null : TopicSpelling.OfUrl(Self));

    /// <summary>The <c>&lt;link&gt;</c> elements for the <c>&lt;head&gt;</c> of a page (D5).</summary>
    public string ToHtml()
    {
        var html = new StringBuilder();
        foreach (var (relation, href) in All())
            Append(html, relation, href);
        return html.ToString();
    }

    /// <summary>
    /// The <c>atom:link</c> elements for the <c>feed</c> element of an Atom feed or the <c>channel</c> of an RSS feed (D4).
    /// </summary>
    public IEnumerable<XElement> ToAtomLinks() => [.. All().Select(l => Link(l.Relation, l.Href))];

    /// <summary>
    /// Writes the <c>atom:link</c> elements at the writer's position: inside the <c>feed</c> or <c>channel</c> element, before its entries
    /// (D4).
    /// </summary>
    /// <param name="writer">Writes an Atom or RSS feed.</param>
    public void WriteTo(XmlWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (relation, href) in All())
        {
            writer.WriteStartElement(Prefix(writer), "link", Atom.NamespaceName);
            writer.WriteAttributeString("rel", relation);
            writer.WriteAttributeString("href", href);
            writer.WriteEndElement();
        }
    }

    /// <inheritdoc cref="WriteTo"/>
    public async Task WriteToAsync(XmlWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (relation, href) in All())
        {
            await writer.WriteStartElementAsync(Prefix(writer), "link", Atom.NamespaceName);
            await writer.WriteAttributeStringAsync(null, "rel", null, relation);
            await writer.WriteAttributeStringAsync(null, "href", null, href);
            await writer.WriteEndElementAsync();
        }
    }

    /// <summary>Adds the links to a feed, replacing those it has.</summary>
    /// <param name="feed">An Atom, RSS 2.0 or RSS 1.0 document.</param>
    /// <exception cref="ArgumentException">The document is not one of these.</exception>
    public void AddTo(XDocument feed)
    {
        ArgumentNullException.ThrowIfNull(feed);
        var root = feed.Root;
        var place =
            root?.Name == Atom + "feed"
                ? root
                : root?.Elements().FirstOrDefault(e => e.Name.LocalName == "channel" && root.Name.LocalName is "rss" or "RDF");
        if (place is null)
            throw new ArgumentException("The document is neither an Atom nor an RSS feed.", nameof(feed));

        place.Elements(Atom + "link").Where(l => (string?)l.Attribute("rel") is LinkRelations.Hub or LinkRelations.Self).Remove();
        if (root!.Name != Atom + "feed" && root.GetPrefixOfNamespace(Atom) is null)
            root.Add(new XAttribute(XNamespace.Xmlns + "atom", Atom.NamespaceName));
        place.AddFirst(ToAtomLinks());
    }

    private IEnumerable<(string Relation, string Href)> All()
    {
        foreach (var hub in Hubs)
            yield return (LinkRelations.Hub, TopicSpelling.OfUrl(hub));
        if (Self.Length > 0)
            yield return (LinkRelations.Self, TopicSpelling.OfUrl(Self));
    }

    /// <summary>The document's prefix for Atom, or a default if it has none.</summary>
    private static string Prefix(XmlWriter writer) => writer.LookupPrefix(Atom.NamespaceName) ?? "atom";

    private static XElement Link(string relation, string href) =>
        new(Atom + "link", new XAttribute("rel", relation), new XAttribute("href", href));

    private static void Append(StringBuilder html, string relation, string href) =>
        html.Append("<link rel=\"").Append(relation).Append("\" href=\"").Append(HtmlEncoder.Default.Encode(href)).Append("\">");
}
