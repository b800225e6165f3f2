using WebSub.Documents;
using WebSub.Http;
using WebSub.Protocol;

namespace WebSub.Discovery;

/// <summary>
/// Decides what the links of headers and body mean, and says so. Headers win (D7); a relation that they lack is taken from the body (D16).
/// A pure function of what was seen.
/// </summary>
internal sealed class DiscoveryConclusion(ResourceAnswer answer, LinkFindings headers, DocumentReading body, IReadOnlyList<string> visited)
{
    public DiscoveryResult Conclude()
    {
        var hubs = headers.Hubs.Count > 0 ? headers.Hubs : body.Links.Hubs;
        var selfs = headers.Selfs.Count > 0 ? headers.Selfs : body.Links.Selfs;
        var (error, meaning) = (hubs.Count, selfs.Count) switch
        {
            (_, > 1) => (
                DiscoveryError.SeveralSelfs,
                $"it names {selfs.Count} different topics (rel=self), {PlainText.Of(selfs[0].Url)} and {PlainText.Of(selfs[1].Url)}, "
                    + "but one page has one topic."
            ),
            (not 0, 1) => (DiscoveryError.None, ""),
            _ when body.Fault is not null => (body.Kind == DocumentKind.Html ? DiscoveryError.TooLarge : DiscoveryError.InvalidXml, ""),
            (0, 1) => (DiscoveryError.NoHub, "there is no hub to subscribe at."),
            (not 0, 0) => (DiscoveryError.NoSelf, "nothing says what to subscribe to at its hub."),
            _ => (DiscoveryError.NoLinks, "it does not offer WebSub."),
        };

        return new()
        {
            Error = error,
            Explanation = error switch
            {
                DiscoveryError.None =>
                    $"{Subject()} names {Hubs(hubs)} and the topic {PlainText.Of(selfs[0].Url)} ({Place(selfs[0].Source)}).",
                DiscoveryError.InvalidXml or DiscoveryError.TooLarge => $"{Subject()} answered {Answer()} with {LinkHeaders()}, "
                    + $"and its {(body.Kind == DocumentKind.Html ? "page" : "XML")} {body.Fault}.",
                _ => $"{Subject()} answered {Answer()} with {LinkHeaders()}{Body()}{Unusable()}: {meaning}",
            },
            Hubs = hubs,
            Self = selfs.Count == 1 ? selfs[0] : null,
            Visited = visited,
            ContentType = answer.ContentType,
        };
    }

    /// <summary>The URL that answered, and how the request got there.</summary>
    internal static string Subject(IReadOnlyList<string> visited) =>
        visited.Count < 2 ? PlainText.Of(visited[0]) : $"{PlainText.Of(visited[^1])} (redirected from {PlainText.Of(visited[0])})";

    private string Subject() => Subject(visited);

    private string Answer() =>
        answer.ContentType is { Length: > 0 } type
            ? $"{answer.Status} {PlainText.Of(type, 80)}"
            : $"{answer.Status} without a Content-Type";

    private string LinkHeaders()
    {
        var links = answer.HeaderLinks;
        if (links.Count == 0)
            return "no Link header";
        var relations = links.SelectMany(l => l.Relations).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var shown = string.Join(", ", relations.Take(5).Select(r => $"rel={PlainText.Of(r, 30)}"));
        var headers = links.Count == 1 ? "header" : "headers";
        return $"{links.Count} Link {headers} ({(shown.Length > 0 ? shown : "no rel")}{(relations.Count > 5 ? ", …" : "")})";
    }

    private string Body()
    {
        var missing = string.Join(
            " and ",
            Missing().Select(r => body.Kind == DocumentKind.Rss ? $"<atom:link rel={r}>" : $"<link rel={r}>")
        );
        return body.Kind switch
        {
            DocumentKind.NotRead => "",
            DocumentKind.Other => " and a body that is neither HTML nor a feed",
            DocumentKind.Xml => " and XML that is neither an Atom nor an RSS feed",
            _ when missing.Length == 0 => "",
            DocumentKind.Html => $" and no {missing} in its <head>",
            DocumentKind.Atom => $" and no {missing} in its <feed>",
            _ => $" and no {missing} in its <channel>",
        };
    }

    private IEnumerable<string> Missing()
    {
        if (headers.Hubs.Count == 0 && body.Links.Hubs.Count == 0)
            yield return LinkRelations.Hub;
        if (headers.Selfs.Count == 0 && body.Links.Selfs.Count == 0)
            yield return LinkRelations.Self;
    }

    private string Unusable() => (headers.Unusable ?? body.Links.Unusable) is { } link ? $" (not counted: {PlainText.Of(link)})" : "";

    private static string Hubs(IReadOnlyList<DiscoveredLink> hubs) =>
        hubs.Count == 1
            ? $"the hub {PlainText.Of(hubs[0].Url)} ({Place(hubs[0].Source)})"
            : $"{hubs.Count} hubs, {PlainText.Of(hubs[0].Url)} first ({Place(hubs[0].Source)}),";

    private static string Place(LinkSource source) =>
        source switch
        {
            LinkSource.LinkHeader => "Link header",
            LinkSource.Html => "HTML head",
            LinkSource.Atom => "Atom feed",
            _ => "RSS channel",
        };
}
