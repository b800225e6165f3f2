using System.Xml.Linq;

namespace WebSub.Documents;

/// <summary>
/// Where a feed has what: Atom 1.0 and 0.3 and RSS 0.90 to 2.0, known by names and namespaces, whatever their prefixes (X15). Discovery,
/// handlers and diffs all look here, so that they agree.
/// </summary>
public static class FeedShape
{
    private const string Atom = "http://www.w3.org/2005/Atom";
    private const string Atom03 = "http://purl.org/atom/ns#";
    private const string RdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    /// <summary>True for the namespace of Atom 1.0 (RFC 4287) and that of Atom 0.3, which came before it.</summary>
    /// <param name="ns">The namespace of an element.</param>
    public static bool IsAtom(string? ns) => ns is Atom or Atom03;

    /// <summary>
    /// The element that has a feed's own title and links, and in RSS 2.0 its items: <c>feed</c> or <c>channel</c>; null if the document is
    /// no feed.
    /// </summary>
    /// <param name="root">The root element of the document.</param>
    public static XElement? Channel(XElement root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (root.Name.LocalName == "feed" && IsAtom(root.Name.NamespaceName))
            return root;
        return HasChannel(root.Name.LocalName, root.Name.NamespaceName)
            ? root.Elements().FirstOrDefault(e => IsChannel(e.Name.LocalName))
            : null;
    }

    /// <summary>
    /// The entries of a feed, in the order of the document: children of the feed itself, or of the channel, or beside it, as in RSS 1.0.
    /// None if the document is no feed.
    /// </summary>
    /// <param name="root">The root element of the document.</param>
    public static IEnumerable<XElement> Entries(XElement root)
    {
        if (Channel(root) is not { } channel)
            return [];
        if (channel == root)
            return root.Elements(root.Name.Namespace + "entry");
        var items = channel.Elements().Where(e => IsItem(e.Name.LocalName));
        return items.Any() ? items : root.Elements().Where(e => IsItem(e.Name.LocalName));
    }

    /// <summary>True for the root element of any RSS.</summary>
    internal static bool HasChannel(string name, string ns) => name == "rss" || IsRdf(name, ns);

    /// <summary>True for the root element of RSS 0.90 and 1.0.</summary>
    internal static bool IsRdf(string name, string ns) => name == "RDF" && ns == RdfNamespace;

    // The parts of RSS are in the namespace of its version, in that of whoever has made one up, or in none: their names are what counts.
    internal static bool IsChannel(string name) => name == "channel";

    internal static bool IsItem(string name) => name == "item";
}
