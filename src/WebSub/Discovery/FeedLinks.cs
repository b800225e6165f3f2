using System.Xml;
using WebSub.Documents;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>
/// Reads the links at the top level of a feed: <c>atom:link</c> in an Atom <c>feed</c> or an RSS <c>channel</c>, by namespace (D4, X15),
/// never those of entries; and of an XHTML page, by XML's rules. Declarations of entities are refused and nothing is ever fetched.
/// </summary>
internal static class FeedLinks
{
    private const string XmlNamespace = "http://www.w3.org/XML/1998/namespace";

    private const string XhtmlNamespace = "http://www.w3.org/1999/xhtml";

    public static DocumentReading Read(string xml, string url, DocumentBudget budget)
    {
        var reading = new Reading(url, budget);
        string? fault = null;
        try
        {
            var mended = XmlMender.Mend(xml, budget, out fault);
            using var reader = DocumentXml.Open(mended);
            reading.ReadDocument(reader);
        }
        catch (XmlException) when (reading.HeadIsOver)
        {
            // An entry is broken; the links above it count all the same.
            return new(reading.Kind, reading.Links);
        }
        catch (XmlException e)
        {
            return new(reading.Kind, reading.Links, HeadIsOver: false, fault ?? Explain(e, xml));
        }
        catch (DocumentLimitException e)
        {
            return new(reading.Kind, new LinkFindings(), Fault: e.Message);
        }

        return new(reading.Kind, reading.Links, reading.HeadIsOver);
    }

    private static string Explain(XmlException e, string xml) =>
        string.IsNullOrWhiteSpace(xml) ? "is empty" : $"cannot be read (line {e.LineNumber}, position {e.LinePosition})";

    private sealed class Reading(string url, DocumentBudget budget)
    {
        public LinkFindings Links { get; } = new();

        public DocumentKind Kind { get; private set; } = DocumentKind.Xml;

        /// <summary>True from the first entry on, or from the end of the feed element.</summary>
        public bool HeadIsOver { get; private set; }

        public void ReadDocument(XmlReader reader)
        {
            reader.MoveToContent();
            var baseUrl = BaseOf(reader, url);
            if (IsAtom(reader, "feed"))
            {
                Kind = DocumentKind.Atom;
                ReadLinks(reader, baseUrl, LinkSource.Atom, () => IsAtom(reader, "entry"));
            }
            else if (FeedShape.HasChannel(reader.LocalName, reader.NamespaceURI))
            {
                Kind = DocumentKind.Rss;
                ReadRss(reader, baseUrl);
            }
            else if (reader.LocalName == "html" && reader.NamespaceURI is XhtmlNamespace or "")
            {
                Kind = DocumentKind.Html;
                ReadPage(reader);
            }

            HeadIsOver = true;
        }

        private void ReadRss(XmlReader reader, string baseUrl)
        {
            var depth = reader.Depth;
            reader.Read();
            while (!reader.EOF && reader.Depth > depth)
            {
                budget.Spend(0);
                if (reader.NodeType == XmlNodeType.Element && FeedShape.IsChannel(reader.LocalName))
                {
                    ReadLinks(reader, BaseOf(reader, baseUrl), LinkSource.Rss, () => FeedShape.IsItem(reader.LocalName));
                    return;
                }

                reader.Skip();
            }
        }

        /// <summary>
        /// Reads the links among the children of the current element. Links usually stand above the entries but need not (RFC 4287 §4.1.1),
        /// so reading ends at the first entry only when both relations are there.
        /// </summary>
        private void ReadLinks(XmlReader reader, string baseUrl, LinkSource source, Func<bool> isEntry)
        {
            if (reader.IsEmptyElement)
                return;
            var depth = reader.Depth;
            reader.Read();
            while (!reader.EOF && reader.Depth > depth)
            {
                if (IsAtom(reader, "link"))
                    AddLink(reader, baseUrl, source);
                else if (reader.NodeType == XmlNodeType.Element && isEntry())
                    HeadIsOver = true;

                if (HeadIsOver && Links.HasBoth)
                    return;
                reader.Skip();
            }
        }

        private void AddLink(XmlReader reader, string baseUrl, LinkSource source)
        {
            if (reader.GetAttribute("href") is { } href)
                new LinkElement(reader.GetAttribute("rel") ?? "", href, BaseOf(reader, baseUrl), source).AddTo(Links, budget);
        }

        /// <summary>The head of an XHTML page, which has the base of its links in an element.</summary>
        private void ReadPage(XmlReader reader)
        {
            var links = new List<(string Rel, string Href)>();
            string? baseHref = null;
            var inHead = false;
            while (reader.Read() && !HeadIsOver)
            {
                if (reader.Depth == 1 && reader.NodeType is XmlNodeType.Element or XmlNodeType.EndElement)
                {
                    HeadIsOver = inHead;
                    inHead = reader is { NodeType: XmlNodeType.Element, LocalName: "head", IsEmptyElement: false };
                }
                else if (!inHead || reader is not { Depth: 2, NodeType: XmlNodeType.Element, NamespaceURI: XhtmlNamespace or "" })
                {
                    continue;
                }
                else if (reader.LocalName == "base")
                {
                    baseHref ??= reader.GetAttribute("href");
                }
                else if (reader.LocalName == "link" && reader.GetAttribute("href") is { } href)
                {
                    links.Add((reader.GetAttribute("rel") ?? "", href));
                }
            }

            var baseUrl = baseHref is null ? url : RelativeReference.Resolve(url, LooseReference.Clean(baseHref));
            foreach (var (rel, target) in links)
                new LinkElement(rel, target, baseUrl, LinkSource.Html).AddTo(Links, budget);
        }

        private static bool IsAtom(XmlReader reader, string name) =>
            reader.NodeType == XmlNodeType.Element && reader.LocalName == name && FeedShape.IsAtom(reader.NamespaceURI);

        private static string BaseOf(XmlReader reader, string outer) =>
            reader.GetAttribute("base", XmlNamespace) is { } inner ? RelativeReference.Resolve(outer, LooseReference.Clean(inner)) : outer;
    }
}
