using System.Xml;
using System.Xml.Linq;
using WebSub.Conformance.Checks;
using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Http;
using WebSub.Values;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Publisher.PublisherBench>;

namespace WebSub.Conformance.Publisher;

/// <summary>What the URL and the topic that it names answer (§4, §6.1, §8).</summary>
internal static class TopicChecks
{
    private static readonly string[] Kinds = ["text/html", "application/atom+xml", "application/rss+xml", "application/json"];

    public static readonly IReadOnlyList<Check<PublisherBench>> All =
    [
        Should("D8", "4", "A HEAD has the same hub and self links as a GET.", HeadAgreesAsync),
        Should("D9", "4", "Its Content-Type says what the document is: by it subscribers choose how to look for links.", TypeFitsAsync),
        Should("D12", "4.1", "A topic has one representation; another has another rel=self.", IsOneRepresentationAsync),
        Should("D14", "6.1", "The links at the end of redirects count: none on the way says otherwise.", RedirectsAgreeAsync),
        May("D18", "", "Dropped before the Recommendation: host-meta. Where there is one, it names no other hub.", HostMetaAgreesAsync),
        Must("P1-self", "3.1", "The topic that it names can be fetched, and names itself.", SelfIsItselfAsync),
        Should("P1-https", "8", "Topic and hubs are https URLs.", IsSecureAsync),
        Should("P4", "6.1", "The topic that it names does not redirect: one that has moved is named by its new URL.", SelfStaysAsync),
    ];

    private static async Task HeadAgreesAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        var head = await bench.HeadAsync(bench.Options.Topic).ConfigureAwait(false);
        if (head.Status is 405 or 501)
            throw new CheckSkippedException($"it refuses HEAD ({head.Status}); subscribers then ask with GET");
        if (!head.IsSuccess)
            throw new CheckFailedException($"it answered {head.Status} to HEAD and {page.Status} to GET");
        if (!Same(page.Header, head.Header))
            throw new CheckFailedException($"the headers of GET name {Names(page.Header)}, those of HEAD {Names(head.Header)}");
    }

    private static async Task TypeFitsAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        if (page.MediaType.Length == 0)
            throw new CheckFailedException("it has no Content-Type");
        if (page.IsFeed && !DocumentSniffer.IsXml(page.ContentType))
            throw new CheckFailedException(
                $"it is a feed, served as {page.MediaType}; application/atom+xml or application/rss+xml is right"
            );
        if (page.IsPage && page.MediaType is not "text/html" && !DocumentSniffer.IsXml(page.ContentType))
            throw new CheckFailedException($"it is an HTML page, served as {page.MediaType}; text/html is right");
    }

    private static async Task IsOneRepresentationAsync(PublisherBench bench)
    {
        var (_, self) = await bench.TopicAsync().ConfigureAwait(false);
        var topic = await SelfAsync(bench, self).ConfigureAwait(false);
        foreach (var kind in Kinds)
        {
            var other = await bench.GetAsync(self, kind).ConfigureAwait(false);
            // One that is not acceptable (406), or has a URL of its own, is as it should be.
            if (other.IsSuccess && other.Self == topic.Self && other.MediaType != topic.MediaType)
                throw new CheckFailedException(
                    $"{self} is {topic.MediaType}, and {other.MediaType} if asked for {kind}, with the same rel=self: "
                        + "hubs would not know which of them to deliver"
                );
        }
    }

    private static async Task RedirectsAgreeAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        if (page.Redirects.Count == 0)
            throw new CheckSkippedException("it does not redirect");
        foreach (var hop in page.Redirects)
        {
            if (hop.Links is not { Hubs: [], Selfs: [] } && !Same(hop.Links, page.Header))
                throw new CheckFailedException(
                    $"{hop.Url} redirects ({hop.Status}) and names {Names(hop.Links)}; at the end, {page.Url} names {Names(page.Header)}"
                );
        }
    }

    private static async Task HostMetaAgreesAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        var meta = await HostMetaAsync(bench, new Uri(new Uri(page.Url), "/.well-known/host-meta").AbsoluteUri).ConfigureAwait(false);
        var stranger = meta.FirstOrDefault(h => !page.Hubs.Contains(h, StringComparer.Ordinal));
        if (meta.Count == 0)
            throw new CheckSkippedException("there is no host-meta that names a hub");
        if (stranger is not null)
            throw new CheckFailedException($"host-meta names {stranger}, which {page.Url} does not");
    }

    private static async Task<IReadOnlyList<string>> HostMetaAsync(PublisherBench bench, string url)
    {
        try
        {
            var visit = await bench.GetAsync(url, "application/xrd+xml").ConfigureAwait(false);
            if (!visit.IsSuccess)
                return [];
            using var xml = XmlReader.Create(
                new MemoryStream(visit.Body),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            return
            [
                .. XDocument
                    .Load(xml)
                    .Descendants()
                    .Where(e => e.Name.LocalName == "Link" && (string?)e.Attribute("rel") == "hub")
                    .Select(e => (string?)e.Attribute("href"))
                    .OfType<string>(),
            ];
        }
        catch (Exception e) when (e is CheckFailedException or XmlException)
        {
            return [];
        }
    }

    private static async Task SelfIsItselfAsync(PublisherBench bench)
    {
        var (_, self) = await bench.TopicAsync().ConfigureAwait(false);
        var topic = await bench.GetAsync(self).ConfigureAwait(false);
        if (!topic.IsSuccess)
            throw new CheckFailedException($"{self} answered {topic.Status}; hubs fetch the content there");
        if (!topic.NamesBoth)
            throw new CheckFailedException($"it names {self}, but: {topic.Conclusion.Explanation}");
        if (topic.Redirects.Count == 0 && topic.Self != self)
            throw new CheckFailedException(
                $"it names {self}, and that names {topic.Self ?? "several topics"}; the topic should name itself"
            );
    }

    private static async Task SelfStaysAsync(PublisherBench bench)
    {
        var (_, self) = await bench.TopicAsync().ConfigureAwait(false);
        if ((await SelfAsync(bench, self).ConfigureAwait(false)).Redirects is [var first, ..] && first.Url == self)
            throw new CheckFailedException($"{self} redirects ({first.Status}); the URL at the end should be named instead");
    }

    private static async Task<Visit> SelfAsync(PublisherBench bench, string self)
    {
        try
        {
            if (await bench.GetAsync(self).ConfigureAwait(false) is { IsSuccess: true } topic)
                return topic;
        }
        catch (CheckFailedException)
        {
            // Said below.
        }

        throw new CheckSkippedException("the topic cannot be fetched; see P1-self");
    }

    private static async Task IsSecureAsync(PublisherBench bench)
    {
        var (page, self) = await bench.TopicAsync().ConfigureAwait(false);
        var distant = page.Hubs.Prepend(self).Where(u => !AddressGuard.IsPrivateHost(Parse(u))).ToList();
        if (distant.Count == 0)
            throw new CheckSkippedException("all are on this machine or network");
        if (distant.Find(u => Parse(u).Scheme != Uri.UriSchemeHttps) is { } open)
            throw new CheckFailedException($"{open} is not encrypted: whoever is on the way reads and changes what is said there");
    }

    // It is one, or it would not have been found.
    private static Uri Parse(string url) =>
        VerbatimUrl.TryCreate(url, out var uri, out var fault) ? uri : throw new CheckFailedException($"{url} {fault}");

    private static bool Same(LinkFindings one, LinkFindings other) =>
        Urls(one.Hubs).SetEquals(Urls(other.Hubs)) && Urls(one.Selfs).SetEquals(Urls(other.Selfs));

    private static HashSet<string> Urls(IEnumerable<DiscoveredLink> links) => links.Select(l => l.Url).ToHashSet(StringComparer.Ordinal);

    private static string Names(LinkFindings links) =>
        links is { Hubs: [], Selfs: [] }
            ? "neither hub nor topic"
            : $"{string.Join(", ", links.Hubs.Select(h => $"the hub {h.Url}").Concat(links.Selfs.Select(s => $"the topic {s.Url}")))}";
}
