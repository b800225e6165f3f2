using System.Xml;
using System.Xml.Linq;

namespace WebSub.Subscriber.Feeds;

/// <summary>Parses what a stranger sent: no document type definitions, no resolver.</summary>
internal static class FeedXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
    };

    public static XDocument Parse(string text)
    {
        using var source = new StringReader(text.TrimStart());
        using var reader = XmlReader.Create(source, Settings);
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }
}
