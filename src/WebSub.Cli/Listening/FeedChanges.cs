using System.Xml;
using System.Xml.Linq;

namespace WebSub.Cli.Listening;

/// <summary>What changed in a feed since the delivery before: most hubs deliver the whole feed each time.</summary>
internal sealed class FeedChanges
{
    private const int MaxCharacters = 16 * 1024 * 1024;
    private const int Shown = 5;
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly Dictionary<string, string> _known = [];
    private bool _isFirst = true;

    /// <summary>Lines with the titles of entries that are new or changed; null if the text is no feed.</summary>
    public IReadOnlyList<string>? Read(string text)
    {
        if (Parse(text) is not { Root: { } root }) return null;
        var entries = root.Name == Atom + "feed" ? root.Elements(Atom + "entry")
            : root.Name.LocalName is "rss" or "RDF" ? root.Descendants().Where(e => e.Name.LocalName == "item")
            : null;
        if (entries is null) return null;

        var changed = new List<string>();
        foreach (var entry in entries)
        {
            var title = Child(entry, "title") ?? "(no title)";
            var key = Child(entry, "id") ?? Child(entry, "guid") ?? Child(entry, "link") ?? title;
            var content = entry.ToString(SaveOptions.DisableFormatting);
            var before = _known.GetValueOrDefault(key);
            _known[key] = content;
            if (before == content) continue;
            changed.Add(before is not null ? $"{title} (changed)" : _isFirst ? title : $"{title} (new)");
        }

        _isFirst = false;
        if (changed.Count == 0) return ["no entry changed"];
        return changed.Count <= Shown ? changed : [.. changed.Take(Shown), $"… and {changed.Count - Shown} more"];
    }

    private static string? Child(XElement entry, string name) =>
        entry.Elements().FirstOrDefault(e => e.Name.LocalName == name && (e.Name.Namespace == entry.Name.Namespace || e.Name.Namespace == XNamespace.None))?.Value.Trim() is { Length: > 0 } text
            ? string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : null;

    private static XDocument? Parse(string text)
    {
        if (!text.AsSpan().TrimStart().TrimStart('\uFEFF').StartsWith("<")) return null;
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(text.TrimStart('\uFEFF', ' ', '\t', '\r', '\n')),
                new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            return XDocument.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
