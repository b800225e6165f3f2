using System.Xml.Linq;
using WebSub.Publisher;

namespace Demo.Feed;

/// <summary>The Atom feed of an observatory. It keeps changing: a new entry, then an addendum to an older one, and so on.</summary>
internal sealed class ObservatoryFeed(TimeProvider time)
{
    private const int FirstEdition = 4;
    private const int Longest = 10;
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private readonly Lock _gate = new();
    private readonly List<Story> _stories = Begin(time.GetUtcNow());
    private int _version = 1;

    /// <summary>Changes the feed.</summary>
    /// <returns>What was done, and the entry's title.</returns>
    public (string What, string Title) Change()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var isNew = ++_version % 2 == 0;
            Story changed;
            if (isNew)
            {
                changed = Stories.Get(_stories[0].Number + 1, now);
            }
            else
            {
                var old = _stories[_version / 2 % Math.Min(FirstEdition, _stories.Count)];
                _stories.Remove(old);
                changed = old with
                {
                    Updated = now,
                    Addenda =
                    [
                        .. old.Addenda,
                        $"<p><ins>Addendum {old.Addenda.Count + 1}, {now:HH:mm:ss} UTC: naïve façade, 0 °C, ½ Mond ☾.</ins></p>",
                    ],
                };
            }

            _stories.Insert(0, changed);
            _stories.Sort((a, b) => b.Number.CompareTo(a.Number));
            if (_stories.Count > Longest)
                _stories.RemoveRange(Longest, _stories.Count - Longest);
            return (isNew ? "new entry" : "revised", changed.Title);
        }
    }

    /// <summary>The feed as it is now, as bytes, and its version.</summary>
    public (byte[] Document, int Version) Read(WebSubLinks links)
    {
        lock (_gate)
        {
            var document = new XDocument(
                new XElement(
                    Atom + "feed",
                    new XAttribute(XNamespace.Xml + "lang", "de"),
                    new XElement(Atom + "id", "tag:hoehenberg.example,2026:notizen"),
                    new XElement(Atom + "title", "Sternwarte Höhenberg – Notizen"),
                    new XElement(Atom + "subtitle", new XAttribute("type", "html"), "Beobachtungen, Führungen &amp; Wetter"),
                    new XElement(Atom + "updated", Text(_stories.Max(s => s.Updated))),
                    new XElement(Atom + "generator", "WebSub for .NET demo"),
                    new XElement(Atom + "rights", "© Sternwarte Höhenberg"),
                    _stories.Select(Entry)
                )
            );
            links.AddTo(document);

            using var bytes = new MemoryStream();
            document.Save(bytes);
            return (bytes.ToArray(), _version);
        }
    }

    private static List<Story> Begin(DateTimeOffset now) =>
        [
            .. Enumerable
                .Range(1, FirstEdition)
                .Select(number => Stories.Get(number, now.AddHours((number - FirstEdition - 1) * 7)))
                .Reverse(),
        ];

    private static XElement Entry(Story story) =>
        new(
            Atom + "entry",
            new XAttribute(XNamespace.Xml + "lang", story.Language),
            new XElement(Atom + "id", $"tag:hoehenberg.example,2026:notiz-{story.Number}"),
            new XElement(Atom + "title", story.Title),
            new XElement(
                Atom + "link",
                new XAttribute("rel", "alternate"),
                new XAttribute("type", "text/html"),
                new XAttribute("href", $"https://hoehenberg.example/{story.Number}")
            ),
            new XElement(Atom + "author", new XElement(Atom + "name", story.Author)),
            new XElement(Atom + "category", new XAttribute("term", story.Category)),
            new XElement(Atom + "published", Text(story.Published)),
            new XElement(Atom + "updated", Text(story.Updated)),
            new XElement(Atom + "content", new XAttribute("type", "html"), story.Html + string.Concat(story.Addenda))
        );

    private static string Text(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
