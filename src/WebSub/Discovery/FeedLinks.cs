using System.Xml;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>
/// Reads the links at the top level of a feed: <c>atom:link</c> in an Atom <c>feed</c> or an RSS <c>channel</c>, by namespace (D4, X15),
/// never those of entries. Document type declarations are refused, so there are no entities to expand and nothing is ever fetched.
/// </summary>
internal static class FeedLinks
{
    private const string AtomNamespace = "http://www.w3.org/2005/Atom";
    private const string RdfNamespace = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";

    /// <summary>RFC 4287 §4.2.7.2: <c>self</c> and this prefix with <c>self</c> mean the same.</summary>
    private const string RegistryPrefix = "http://www.iana.org/assignments/relation/";

    private static readonly string[] Rss1Namespaces = ["http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"];

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CheckCharacters = false,
    };

    public static DocumentReading Read(string xml, string url)
    {
        var reading = new Reading(url);
        try
        {
            // Blank lines before the XML declaration are a common fault of feeds that scripts put together.
            using var reader = XmlReader.Create(new StringReader(xml.TrimStart()), Settings);
            reading.ReadDocument(reader);
        }
        catch (XmlException e) when (!reading.HeadIsOver)
        {
            return new(reading.Kind, reading.Links, HeadIsOver: false, Explain(e, xml));
        }
        catch (XmlException)
        {
            // An entry is broken; the links above it count all the same.
        }

        return new(reading.Kind, reading.Links, reading.HeadIsOver);
    }

    private static string Explain(XmlException e, string xml)
    {
        if (string.IsNullOrWhiteSpace(xml))
            return "is empty";

        // The reader refuses declarations before it counts lines.
        return e.LineNumber == 0 && xml.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
            ? "has a document type declaration (<!DOCTYPE …>), which is refused because such declarations can be made to exhaust memory"
            : $"cannot be read (line {e.LineNumber}, position {e.LinePosition})";
    }

    private sealed class Reading(string url)
    {
        public LinkFindings Links { get; } = new();

        public DocumentKind Kind { get; private set; } = DocumentKind.Xml;

        /// <summary>True from the first entry on, or from the end of the feed element.</summary>
        public bool HeadIsOver { get; private set; }

        public void ReadDocument(XmlReader reader)
        {
            reader.MoveToContent();
            var baseUrl = BaseOf(reader, url);
            if (Is(reader, "feed", AtomNamespace))
            {
                Kind = DocumentKind.Atom;
                ReadLinks(reader, baseUrl, LinkSource.Atom, "entry", AtomNamespace);
            }
            else if (reader.LocalName == "rss" || Is(reader, "RDF", RdfNamespace))
            {
                Kind = DocumentKind.Rss;
                ReadRss(reader, baseUrl);
            }

            HeadIsOver = true;
        }

        /// <summary>
        /// Finds the channel: in the namespace of <c>rss</c> itself (none, in nearly all feeds), or in that of RSS 1.0 under
        /// <c>rdf:RDF</c>.
        /// </summary>
        private void ReadRss(XmlReader reader, string baseUrl)
        {
            string[] namespaces = reader.LocalName == "rss" ? [reader.NamespaceURI] : Rss1Namespaces;
            var depth = reader.Depth;
            reader.Read();
            while (!reader.EOF && reader.Depth > depth)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "channel" && namespaces.Contains(reader.NamespaceURI))
                {
                    ReadLinks(reader, BaseOf(reader, baseUrl), LinkSource.Rss, "item", reader.NamespaceURI);
                    return;
                }

                reader.Skip();
            }
        }

        /// <summary>
        /// Reads the links among the children of the current element. Links usually stand above the entries but need not (RFC 4287 §4.1.1),
        /// so reading ends at the first entry only when both relations are there.
        /// </summary>
        private void ReadLinks(XmlReader reader, string baseUrl, LinkSource source, string entry, string entryNamespace)
        {
            if (reader.IsEmptyElement)
                return;
            var depth = reader.Depth;
            reader.Read();
            while (!reader.EOF && reader.Depth > depth)
            {
                if (Is(reader, "link", AtomNamespace))
                    AddLink(reader, baseUrl, source);
                else if (Is(reader, entry, entryNamespace))
                    HeadIsOver = true;

                if (HeadIsOver && Links.HasBoth)
                    return;
                reader.Skip();
            }
        }

        private void AddLink(XmlReader reader, string baseUrl, LinkSource source)
        {
            var relations = LinkRelations
                .Split(reader.GetAttribute("rel"))
                .Select(r => r.StartsWith(RegistryPrefix, StringComparison.Ordinal) ? r[RegistryPrefix.Length..] : r);
            if (reader.GetAttribute("href") is { } href)
                Links.Add(relations, href.Trim(), BaseOf(reader, baseUrl), source);
        }

        private static bool Is(XmlReader reader, string name, string ns) =>
            reader.NodeType == XmlNodeType.Element && reader.LocalName == name && reader.NamespaceURI == ns;

        private static string BaseOf(XmlReader reader, string outer) =>
            reader.GetAttribute("base", XmlNamespace) is { } inner ? RelativeReference.Resolve(outer, inner) : outer;
    }
}
