using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// The site's editions, as real sites write them: entries with stable ids, the newest first, an older one revised, markup inside entries,
/// text in several scripts.
/// </summary>
internal static class SiteContent
{
    private static readonly XNamespace AtomNamespace = "http://www.w3.org/2005/Atom";
    private static readonly DateTimeOffset Begin = new(2026, 11, 1, 6, 30, 0, TimeSpan.FromHours(1));

    private static readonly string[] Titles =
    [
        "Springflut am Sonntag – Fähre fährt früher",
        "Nouvelle bouée près de l’île d’Ouessant",
        "灯台の公開日が決まりました",
        "Ψαράδες & ναυτικοί: νέο δελτίο καιρού",
        "Маяк снова работает 🗼",
    ];

    public static string LinkHeader(string self, string hub) => $"<{hub}>; rel=\"hub\", <{self}>; rel=\"self\"";

    public static byte[] Atom(string self, string hub, int edition)
    {
        var feed = new XElement(
            AtomNamespace + "feed",
            new XAttribute(XNamespace.Xml + "lang", "de"),
            new XElement(AtomNamespace + "id", "tag:notes.example,2026:harbour"),
            new XElement(AtomNamespace + "title", "Hafennotizen"),
            new XElement(AtomNamespace + "subtitle", new XAttribute("type", "html"), "Gezeiten, Seezeichen &amp; Wetter"),
            new XElement(AtomNamespace + "updated", Time(edition)),
            new XElement(AtomNamespace + "author", new XElement(AtomNamespace + "name", "Hafennotizen")),
            new XElement(AtomNamespace + "link", new XAttribute("rel", "hub"), new XAttribute("href", hub)),
            new XElement(
                AtomNamespace + "link",
                new XAttribute("rel", "self"),
                new XAttribute("type", "application/atom+xml"),
                new XAttribute("href", self)
            ),
            Numbers(edition).Select(number => AtomEntry(number, edition))
        );
        return Bytes(feed);
    }

    public static byte[] Rss(string self, string hub, int edition)
    {
        var channel = new XElement(
            "channel",
            new XElement("title", "Hafennotizen"),
            new XElement("link", "https://notes.example/"),
            new XElement("description", "Gezeiten, Seezeichen & Wetter"),
            new XElement("language", "de"),
            new XElement("lastBuildDate", Begin.AddHours(edition).ToString("r", CultureInfo.InvariantCulture)),
            new XElement(AtomNamespace + "link", new XAttribute("rel", "hub"), new XAttribute("href", hub)),
            new XElement(
                AtomNamespace + "link",
                new XAttribute("rel", "self"),
                new XAttribute("type", "application/rss+xml"),
                new XAttribute("href", self)
            ),
            Numbers(edition)
                .Select(number => new XElement(
                    "item",
                    new XElement("guid", new XAttribute("isPermaLink", "false"), $"note-{number}"),
                    new XElement("title", Title(number)),
                    new XElement("pubDate", Begin.AddHours(number).ToString("r", CultureInfo.InvariantCulture)),
                    new XElement("description", Text(number, edition))
                ))
        );
        return Bytes(
            new XElement("rss", new XAttribute("version", "2.0"), new XAttribute(XNamespace.Xmlns + "atom", AtomNamespace), channel)
        );
    }

    // A hub named in the body is a trap (D6): anyone may have written it.
    public static byte[] Html(string self, string hub, int edition) =>
        Encoding.UTF8.GetBytes(
            $"""
            <!doctype html>
            <html lang="de">
            <head>
              <meta charset="utf-8">
              <title>Hafennotizen</title>
              <link rel="hub" href="{hub}">
              <link rel="self" href="{self}">
            </head>
            <body>
              <h1>Hafennotizen – Ausgabe {edition}</h1>
              <p>Ein Kommentar: <link rel="hub" href="https://attacker.example/hub"></p>
              {string.Join("\n  ", Numbers(edition).Select(n => $"<article><h2>{Title(n)}</h2>{Text(n, edition)}</article>"))}
            </body>
            </html>

            """
        );

    public static byte[] Json(int edition) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                harbour = "Hörnum",
                edition,
                highWater = Begin.AddHours(edition),
                heightMetres = 2.4 + (edition * 0.1),
            }
        );

    /// <summary>Bytes of every value, not valid in any text encoding.</summary>
    public static byte[] Binary(int edition) => [.. Enumerable.Range(0, 4096).Select(i => (byte)((i * 31) + edition)), 0xff, 0xfe, 0x00];

    private static XElement AtomEntry(int number, int edition) =>
        new(
            AtomNamespace + "entry",
            new XElement(AtomNamespace + "id", $"tag:notes.example,2026:note-{number}"),
            new XElement(AtomNamespace + "title", Title(number)),
            new XElement(
                AtomNamespace + "link",
                new XAttribute("rel", "alternate"),
                new XAttribute("href", $"https://notes.example/{number}")
            ),
            new XElement(AtomNamespace + "published", Time(number)),
            new XElement(AtomNamespace + "updated", Time(IsRevised(number, edition) ? edition : number)),
            new XElement(AtomNamespace + "content", new XAttribute("type", "html"), Text(number, edition))
        );

    // The first edition has three notes; each later one adds a note and revises the one before it.
    private static IEnumerable<int> Numbers(int edition) => Enumerable.Range(1, edition + 2).Reverse();

    private static bool IsRevised(int number, int edition) => edition > 1 && number == edition + 1;

    private static string Title(int number) => $"{Titles[number % Titles.Length]} ({number})";

    private static string Text(int number, int edition) =>
        $"<p>{Title(number).Replace("&", "&amp;", StringComparison.Ordinal)}: Hochwasser {2.4 + (number * 0.1):0.0} m, Wind aus "
        + "Südwest.</p>"
        + (IsRevised(number, edition) ? "<p><ins>Nachtrag: die Brücke ist gesperrt.</ins></p>" : "");

    private static string Time(int hours) => Begin.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static byte[] Bytes(XElement root)
    {
        using var stream = new MemoryStream();
        new XDocument(new XDeclaration("1.0", "utf-8", null), root).Save(stream);
        return stream.ToArray();
    }
}
