using System.Text;
using System.Xml;
using System.Xml.Linq;
using WebSub.Documents;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Reduces an Atom or RSS document to what is new or changed since the previous one (H26, X7): unchanged entries go, the feed's own
/// metadata stays. A document that is not a feed, or is larger or odder than feeds are, has no diff and goes out as it is.
/// </summary>
internal static class FeedDiff
{
    private const string ContentType = "application/xml";
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MaxEntries = 5000;
    private static readonly string[] Times = ["lastBuildDate", "pubDate", "updated", "modified", "date"];
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
    /// The document without its unchanged entries; empty if only the time at which it was made has changed; null if it is not a feed,
    /// shares no entry with the previous one, or has no changed entry.
    /// </summary>
    public static byte[]? Between(byte[] before, byte[] after, DocumentBudget budget)
    {
        if (Parse(before, budget) is not { } old || Parse(after, budget) is not { } document)
            return null;
        if (document.Declaration?.Encoding is { } encoding && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return null;

        // An entry is known by all of its text: ids and links are shared often enough, and changed entries keep theirs.
        var (oldEntries, entries) = (FeedShape.Entries(old.Root!).ToList(), FeedShape.Entries(document.Root!).ToList());
        if (oldEntries.Count > MaxEntries || entries.Count > MaxEntries)
            return null;
        var known = oldEntries.Select(TextOf).ToHashSet(StringComparer.Ordinal);
        var unchanged = entries.Where(e => known.Contains(TextOf(e))).ToHashSet<XNode>(ReferenceEqualityComparer.Instance);
        if (unchanged.Count == entries.Count && entries.Count == oldEntries.Count && TextWithoutTimes(old) == TextWithoutTimes(document))
            return [];
        if (unchanged.Count == 0 || unchanged.Count == entries.Count)
            return null;

        foreach (var parent in entries.Select(e => e.Parent!).Distinct().ToList())
            parent.ReplaceNodes(Without(parent, unchanged));
        return Write(document);
    }

    private static XDocument? Parse(byte[] bytes, DocumentBudget budget)
    {
        if (bytes.Length > MaxBytes || !DocumentXml.StartsAsFeed(bytes, ContentType))
            return null;
        try
        {
            return DocumentXml.Parse(DocumentText.Decode(bytes, ContentType), budget);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>
    /// The text of the feed without the times at which a generator says it made it, in elements or in comments, which change each time it
    /// is asked.
    /// </summary>
    private static string TextWithoutTimes(XDocument document)
    {
        var copy = new XDocument(document);
        FeedShape.Channel(copy.Root!)?.Elements().Where(e => Times.Contains(e.Name.LocalName)).Remove();
        copy.DescendantNodes().OfType<XComment>().Remove();
        return string.Concat(copy.Root!.ToString(SaveOptions.DisableFormatting).Where(c => !char.IsWhiteSpace(c)));
    }

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
                    // As references, or reading would make other characters of them.
                    NewLineHandling = NewLineHandling.Entitize,
                }
            )
        )
        {
            document.Save(writer);
        }

        return buffer.ToArray();
    }
}
