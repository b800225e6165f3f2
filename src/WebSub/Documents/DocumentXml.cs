using System.Xml;
using System.Xml.Linq;

namespace WebSub.Documents;

/// <summary>
/// Reads XML that strangers serve, well-formed or nearly so, with limits on depth, attributes, namespaces and nodes, and nothing fetched or
/// expanded.
/// </summary>
public static class DocumentXml
{
    private const int MaxNodes = 1_000_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>The document.</summary>
    /// <param name="text">Its text, decoded already; what its declaration says about an encoding does not count.</param>
    /// <param name="budget">What reading it may cost; null for a million elements and attributes.</param>
    /// <exception cref="XmlException">It cannot be read, declares entities, or is over a limit.</exception>
    public static XDocument Parse(string text, DocumentBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var mended = XmlMender.Mend(text, budget ?? new DocumentBudget(MaxNodes, default), out var fault);
        if (fault is not null)
            throw new XmlException($"The document {fault}.");
        using var reader = Open(mended);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    /// <summary>True if the document starts as Atom or RSS does; only its beginning is looked at.</summary>
    /// <param name="body">The bytes, no longer compressed.</param>
    /// <param name="contentType">The <c>Content-Type</c> header; null if there was none.</param>
    public static bool StartsAsFeed(ReadOnlySpan<byte> body, string? contentType) =>
        DocumentSniffer.IsFeed(DocumentText.Decode(body[..Math.Min(DocumentStart.Bytes, body.Length)], contentType));

    /// <summary>A reader over what the mender has gone over.</summary>
    internal static XmlReader Open(string mended) => XmlReader.Create(new StringReader(mended), Settings);
}
