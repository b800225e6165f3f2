using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Reduces an Atom or RSS document to what is new or changed since the previous one (H26, X7): unchanged entries go, the feed's own
/// metadata stays. A document that is not a feed, or is larger or odder than feeds are, has no diff and goes out as it is; this is found
/// out before any of it is kept in memory.
/// </summary>
internal static class FeedDiff
{
    private const int MaxCharacters = 8 * 1024 * 1024;
    private const int MaxEntries = 5000;
    private const int MaxNodes = 200_000;
    private const int MaxDepth = 100;

    /// <summary>The most namespaces in scope at an element: XLinq searches them one by one for every name that it writes.</summary>
    private const int MaxNamespaces = 100;
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Rss1 = "http://purl.org/rss/1.0/";
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XName[] Roots = [Atom + "feed", "rss", Rdf + "RDF"];
    private static readonly XName[] Items = [Atom + "entry", "item", Rss1 + "item"];
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>True for the content types of feeds, in an encoding in which a diff can be written.</summary>
    public static bool MayBeFeed(string? contentType)
    {
        if (contentType is null)
            return false;
        var parts = contentType.Split(';', StringSplitOptions.TrimEntries);
        var isXml = parts[0].EndsWith("xml", StringComparison.OrdinalIgnoreCase);
        var charset = parts
            .Skip(1)
            .FirstOrDefault(p => p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
            ?["charset=".Length..].Trim('"');
        return isXml && (charset is null || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// The document without its unchanged entries; null if it is not a feed, shares no entry with the previous one, or has no changes.
    /// </summary>
    public static byte[]? Between(byte[] before, byte[] after)
    {
        if (Parse(before) is not { } old || Parse(after) is not { } document)
            return null;
        if (document.Declaration?.Encoding is { } encoding && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return null;

        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Entries(old))
            known[IdOf(entry)] = TextOf(entry);
        var entries = Entries(document).ToList();
        var unchanged = entries
            .Where(e => known.GetValueOrDefault(IdOf(e)) == TextOf(e))
            .ToHashSet<XNode>(ReferenceEqualityComparer.Instance);
        if (unchanged.Count == 0 || unchanged.Count == entries.Count)
            return null;

        foreach (var parent in entries.Select(e => e.Parent!).Distinct().ToList())
            parent.ReplaceNodes(Without(parent, unchanged));
        return Write(document);
    }

    private static XDocument? Parse(byte[] bytes)
    {
        try
        {
            using (var survey = Reader(bytes))
            {
                if (!IsFeedOfUsualSize(survey))
                    return null;
            }

            using var reader = Reader(bytes);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static XmlReader Reader(byte[] bytes) =>
        XmlReader.Create(
            new MemoryStream(bytes),
            new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = MaxCharacters,
            }
        );

    private static bool IsFeedOfUsualSize(XmlReader reader)
    {
        var (nodes, entries) = (0, 0);
        var namespaces = new int[MaxDepth];
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.EndElement)
                continue;
            nodes += 1 + reader.AttributeCount;
            if (nodes > MaxNodes || reader.Depth >= MaxDepth)
                return false;
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Depth == 0 && !IsOneOf(Roots, reader))
                return false;
            if (reader.Depth <= 2 && IsOneOf(Items, reader) && ++entries > MaxEntries)
                return false;

            namespaces[reader.Depth] = (reader.Depth == 0 ? 0 : namespaces[reader.Depth - 1]) + DeclaredBy(reader);
            if (namespaces[reader.Depth] > MaxNamespaces)
                return false;
        }

        return true;
    }

    private static bool IsOneOf(XName[] names, XmlReader reader) =>
        Array.Exists(names, n => n.LocalName == reader.LocalName && n.NamespaceName == reader.NamespaceURI);

    private static int DeclaredBy(XmlReader reader)
    {
        var count = 0;
        while (reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI == XNamespace.Xmlns.NamespaceName)
                count++;
        }

        reader.MoveToElement();
        return count;
    }

    private static IEnumerable<XElement> Entries(XDocument document) =>
        document.Root switch
        {
            { } feed when feed.Name == Atom + "feed" => feed.Elements(Atom + "entry"),
            { } rss when rss.Name == "rss" => rss.Elements("channel").Elements("item"),
            { } rdf when rdf.Name == Rdf + "RDF" => rdf.Elements(Rss1 + "item"),
            _ => [],
        };

    private static string IdOf(XElement entry) =>
        (entry.Element(Atom + "id") ?? entry.Element("guid") ?? entry.Element("link") ?? entry.Element("title"))?.Value.Trim()
        ?? entry.Attribute(Rdf + "about")?.Value
        ?? TextOf(entry);

    private static string TextOf(XElement entry) => entry.ToString(SaveOptions.DisableFormatting);

    /// <summary>
    /// The other nodes, in one pass, since XLinq walks all preceding nodes to remove one. White space before an entry goes with it.
    /// </summary>
    private static List<XNode> Without(XElement parent, HashSet<XNode> unchanged)
    {
        var kept = new List<XNode>();
        foreach (var node in parent.Nodes())
        {
            if (!unchanged.Contains(node))
                kept.Add(node);
            else if (kept is [.., XText { Value: var indent }] && string.IsNullOrWhiteSpace(indent))
                kept.RemoveAt(kept.Count - 1);
        }

        return kept;
    }

    private static byte[] Write(XDocument document)
    {
        var buffer = new MemoryStream();
        using (
            var writer = XmlWriter.Create(
                buffer,
                new()
                {
                    Encoding = Utf8,
                    OmitXmlDeclaration = document.Declaration is null,
                    NewLineHandling = NewLineHandling.None,
                }
            )
        )
        {
            document.Save(writer);
        }

        return buffer.ToArray();
    }
}
