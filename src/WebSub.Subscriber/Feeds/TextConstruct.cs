using System.Xml.Linq;
using static WebSub.Subscriber.Feeds.FeedNames;

namespace WebSub.Subscriber.Feeds;

/// <summary>Reads what Atom calls text constructs and content (RFC 4287 §3.1, §4.1.3) into text.</summary>
internal static class TextConstruct
{
    public static string Read(XElement element)
    {
        var type = ((string?)element.Attribute("type"))?.Trim().ToLowerInvariant() ?? "text";
        if (type == "xhtml")
            return Markup(Single(element) is { Name.LocalName: "div" } div ? div : element);
        return IsXml(type) && element.HasElements ? Markup(element) : element.Value.Trim();
    }

    /// <summary>The div around XHTML is not part of it (§3.1.1.3).</summary>
    private static XElement? Single(XElement element) => element.Elements().Count() == 1 ? element.Elements().First() : null;

    private static bool IsXml(string type) =>
        type is "text/xml" or "application/xml"
        || type.EndsWith("+xml", StringComparison.Ordinal)
        || type.EndsWith("/xml", StringComparison.Ordinal);

    private static string Markup(XElement parent) =>
        string.Concat(parent.Nodes().Select(n => Plain(n).ToString(SaveOptions.DisableFormatting))).Trim();

    /// <summary>XHTML as HTML has it: without prefixes and declarations of namespaces.</summary>
    private static XNode Plain(XNode node)
    {
        if (node is not XElement element)
            return node;
        var plain = new XElement(element.Name.Namespace == Xhtml ? XName.Get(element.Name.LocalName) : element.Name);
        foreach (var attribute in element.Attributes())
        {
            if (!attribute.IsNamespaceDeclaration || attribute.Value != Xhtml.NamespaceName)
                plain.Add(new XAttribute(attribute));
        }

        foreach (var child in element.Nodes())
            plain.Add(Plain(child));
        return plain;
    }
}
