using System.Text;

namespace WebSub.Protocol;

/// <summary>
/// Reads and writes <c>Link</c> headers (RFC 8288). Reading follows the algorithm of its appendix B and never fails: what is not a link is
/// skipped up to the next comma, in time proportional to the header's length (D15).
/// </summary>
public static class LinkHeader
{
    /// <summary>The header's name.</summary>
    public const string Name = "Link";

    /// <summary>The links of several header lines.</summary>
    public static IReadOnlyList<WebLink> Parse(IEnumerable<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var links = new List<WebLink>();
        foreach (var value in values)
            Parse(value, links);
        return links;
    }

    /// <summary>
    /// The links of one header line, in order. A link with an <c>anchor</c> is left out, because it is about a resource other than the
    /// response; one without <c>rel</c> has no relations.
    /// </summary>
    public static IReadOnlyList<WebLink> Parse(string? value)
    {
        var links = new List<WebLink>();
        Parse(value, links);
        return links;
    }

    /// <summary>
    /// The value that names the hubs and the topic, in one line as §7 prefers: <c>&lt;hub&gt;; rel="hub", &lt;self&gt;; rel="self"</c>.
    /// Characters not allowed in a header or between the brackets (white space, controls, <c>&lt;</c>, <c>&gt;</c>, <c>"</c>, non-ASCII)
    /// are percent-encoded.
    /// </summary>
    /// <param name="hubs">The hubs.</param>
    /// <param name="self">The topic; null for none.</param>
    public static string Write(IEnumerable<string> hubs, string? self)
    {
        ArgumentNullException.ThrowIfNull(hubs);
        var header = new StringBuilder();
        foreach (var hub in hubs)
            Append(header, hub, LinkRelations.Hub);
        if (self is not null)
            Append(header, self, LinkRelations.Self);
        return header.ToString();
    }

    private static void Parse(string? value, List<WebLink> links)
    {
        var reader = new LinkHeaderReader(value);
        while (reader.MoveToNext())
        {
            if (reader.Anchor is null)
                links.Add(new(reader.Target, LinkRelations.Split(reader.Rel)));
        }
    }

    private static void Append(StringBuilder header, string target, string relation)
    {
        if (header.Length > 0)
            header.Append(", ");
        header.Append('<');
        foreach (var rune in target.EnumerateRunes())
        {
            if (rune.Value is <= ' ' or >= 0x7f or '<' or '>' or '"')
                header.Append(Uri.EscapeDataString(rune.ToString()));
            else
                header.Append((char)rune.Value);
        }

        header.Append(">; rel=\"").Append(relation).Append('"');
    }
}
