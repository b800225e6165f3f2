using System.Xml.Linq;
using WebSub.Documents;
using static WebSub.Subscriber.Feeds.FeedNames;

namespace WebSub.Subscriber.Feeds;

/// <summary>Reads what Atom calls text constructs and content (RFC 4287 §3.1, §4.1.3) into text.</summary>
internal static class TextConstruct
{
    /// <summary>The elements of HTML that have no end tag. Any other that is empty needs one, or it would hold what follows it.</summary>
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal)
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    };

    public static string Read(XElement element)
    {
        var type = ((string?)element.Attribute("type"))?.Split(';')[0].Trim().ToLowerInvariant() ?? "text";
        if (!element.HasElements)
            return element.Value.Trim();
        if (type is "xhtml" or "application/xhtml+xml")
            return Markup((OnlyDiv(element) ?? element).Nodes().Select(Plain));
        if (type is "html" or "text/html")
            return ReadHtml(element);
        return IsXml(type) ? Markup(element.Nodes()) : element.Value.Trim();
    }

    /// <summary>Reads an element of RSS that has HTML: escaped, as it should be, or not.</summary>
    public static string ReadHtml(XElement element) => element.HasElements ? Markup(element.Nodes().Select(Plain)) : element.Value.Trim();

    /// <summary>The div around XHTML is not part of it (§3.1.1.3).</summary>
    private static XElement? OnlyDiv(XElement element) =>
        element.Nodes().Where(n => n is XElement || (n is XText { Value: var text } && !string.IsNullOrWhiteSpace(text))).ToList()
            is [XElement { Name.LocalName: "div" } div]
            ? div
            : null;

    private static bool IsXml(string type) =>
        type.EndsWith("+xml", StringComparison.Ordinal) || type.EndsWith("/xml", StringComparison.Ordinal);

    private static string Markup(IEnumerable<XNode> nodes) =>
        string.Concat(nodes.Select(n => n.ToString(SaveOptions.DisableFormatting))).Trim();

    /// <summary>XHTML as HTML has it: without prefixes, declarations of namespaces and sections.</summary>
    private static XNode Plain(XNode node)
    {
        if (node is XCData section)
            return new XText(section.Value);
        if (node is not XElement element)
            return node;
        var isHtml = IsHtml(element.Name.Namespace);
        var plain = new XElement(isHtml ? XName.Get(element.Name.LocalName) : element.Name);
        foreach (var attribute in element.Attributes())
        {
            // Those that something else needs are written again where it stands.
            if (!attribute.IsNamespaceDeclaration || !(isHtml || IsHtml(attribute.Value)))
                plain.Add(new XAttribute(attribute));
        }

        foreach (var child in element.Nodes())
            plain.Add(Plain(child));
        if (isHtml && plain.IsEmpty && !Void.Contains(plain.Name.LocalName))
            plain.Add("");
        return plain;
    }

    /// <summary>Who forgets to declare XHTML's namespace writes its elements in that of the feed, or in none.</summary>
    private static bool IsHtml(XNamespace ns) => ns == Xhtml || ns == XNamespace.None || FeedShape.IsAtom(ns.NamespaceName);
}
