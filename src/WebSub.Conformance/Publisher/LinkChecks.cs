using System.Text;
using System.Text.RegularExpressions;
using WebSub.Conformance.Checks;
using WebSub.Discovery;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Publisher.PublisherBench>;

namespace WebSub.Conformance.Publisher;

/// <summary>How hub and topic are named (§4).</summary>
internal static partial class LinkChecks
{
    public static readonly IReadOnlyList<Check<PublisherBench>> All =
    [
        Must("D1", "4", "It names a hub and a topic: in Link headers, in an XML feed or in an HTML page.", NamesBothAsync),
        Should("D2", "4", "It sends a Link header with rel=hub.", SendsHubAsync),
        Should("D3", "4", "It sends exactly one Link header with rel=self.", SendsOneSelfAsync),
        Should("D4", "4", "A feed names hub and topic in atom:link elements as well.", FeedNamesBothAsync),
        Should("D5", "4", "A page names hub and topic in <link> elements as well.", PageNamesBothAsync),
        Should("D6", "8.1", "The <link> elements of a page stand in its head.", LinksAreInTheHeadAsync),
        Should("D7", "4", "Headers and document name the same hubs and the same topic.", AgreesAsync),
        May("D13", "4.1", "The targets of Link headers are absolute: not every subscriber resolves others.", AreAbsoluteAsync),
        Should("D15", "4", "Every hub and self link is an http or https URL.", AreUrlsAsync),
    ];

    private static async Task NamesBothAsync(PublisherBench bench)
    {
        var page = await bench.PageAsync().ConfigureAwait(false);
        if (!page.IsSuccess)
            throw new CheckFailedException($"{page.Url} answered {page.Status}; hubs and subscribers need 200");
        if (!page.NamesBoth)
            throw new CheckFailedException(page.Conclusion.Explanation);
    }

    private static async Task SendsHubAsync(PublisherBench bench)
    {
        if ((await bench.NamedAsync().ConfigureAwait(false)).Header.Hubs.Count == 0)
            throw new CheckFailedException("no Link header with rel=hub came; subscribers that read nothing else find no hub");
    }

    private static async Task SendsOneSelfAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        var selfs = page.HeaderLinks.Where(l => l.Has(LinkRelations.Self)).Select(l => l.Target).ToList();
        if (selfs.Count != 1)
            throw new CheckFailedException(
                selfs.Count == 0
                    ? "no Link header with rel=self came; subscribers that read nothing else find no topic"
                    : $"{selfs.Count} Link headers with rel=self came: {string.Join(", ", selfs)}; one would be right"
            );
    }

    private static async Task FeedNamesBothAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        if (!page.IsFeed)
            throw new CheckSkippedException("it is no feed");
        ExpectBoth(page, "<atom:link>");
    }

    private static async Task PageNamesBothAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        if (!page.IsPage)
            throw new CheckSkippedException("it is no HTML page");
        if (page.Document.Links is { Hubs: [], Selfs: [] } && Misplaced(page) is not null)
            throw new CheckSkippedException("its links stand outside the head; see D6");
        ExpectBoth(page, "<link>");
    }

    private static void ExpectBoth(Visit page, string element)
    {
        if (page.Document.Fault is { } fault)
            throw new CheckFailedException($"the document {fault}");
        var (hubs, selfs) = (page.Document.Links.Hubs, page.Document.Links.Selfs);
        if (hubs.Count == 0)
            throw new CheckFailedException($"the document has no {element} with rel=hub where it counts");
        if (selfs.Count != 1)
            throw new CheckFailedException(
                selfs.Count == 0
                    ? $"the document has no {element} with rel=self where it counts"
                    : $"the document names {selfs.Count} topics: {Urls(selfs)}; one would be right"
            );
    }

    private static async Task LinksAreInTheHeadAsync(PublisherBench bench)
    {
        // Also of a page that names nothing where it counts: this may be why.
        var page = await ReadableAsync(bench).ConfigureAwait(false);
        if (!page.IsPage)
            throw new CheckSkippedException("it is no HTML page");
        if (Misplaced(page) is { } link)
            throw new CheckFailedException($"{link} stands outside the head, where it does not count: visitors may write there");
    }

    private static async Task<Visit> ReadableAsync(PublisherBench bench)
    {
        try
        {
            return await bench.PageAsync().ConfigureAwait(false);
        }
        catch (CheckFailedException)
        {
            throw new CheckSkippedException("it cannot be read; see D1");
        }
    }

    /// <summary>The first link to a hub or topic in the body of a page; what is written in scripts and comments is none.</summary>
    private static string? Misplaced(Visit page)
    {
        var html = NoMarkup().Replace(Encoding.UTF8.GetString(page.Body), "");
        var body = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        return body >= 0 && HubOrSelf().Match(html, body) is { Success: true } link ? link.Value : null;
    }

    private static async Task AgreesAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        var (header, document) = (page.Header, page.Document.Links);
        var hubs = Compare("hub", header.Hubs, document.Hubs);
        // That several are named in one place is said elsewhere (D3 to D5).
        var topics = header.Selfs.Count <= 1 && document.Selfs.Count <= 1 && Compare("topic", header.Selfs, document.Selfs);
        if (!hubs && !topics)
            throw new CheckSkippedException("headers and document do not both name hubs, or both a topic");
    }

    private static bool Compare(string what, IReadOnlyList<DiscoveredLink> header, IReadOnlyList<DiscoveredLink> document)
    {
        if (header.Count == 0 || document.Count == 0)
            return false;
        if (
            !header
                .Select(l => l.Url)
                .Order(StringComparer.Ordinal)
                .SequenceEqual(document.Select(l => l.Url).Order(StringComparer.Ordinal))
        )
            throw new CheckFailedException(
                $"the {what} of the headers is {Urls(header)}, that of the document {Urls(document)}; "
                    + "which one a subscriber takes depends on where it looks"
            );
        return true;
    }

    private static async Task AreAbsoluteAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        var relative = page
            .HeaderLinks.Where(l => l.Has(LinkRelations.Hub) || l.Has(LinkRelations.Self))
            .FirstOrDefault(l => !IsAbsolute().IsMatch(l.Target));
        if (relative is not null)
            throw new CheckFailedException($"<{relative.Target}> is relative to {page.Url}; that is allowed, and often read wrongly");
    }

    private static async Task AreUrlsAsync(PublisherBench bench)
    {
        var page = await bench.NamedAsync().ConfigureAwait(false);
        if ((page.Header.Unusable ?? page.Document.Links.Unusable) is { } fault)
            throw new CheckFailedException($"a hub or self link does not count: {fault}");
    }

    private static string Urls(IEnumerable<DiscoveredLink> links) => string.Join(", ", links.Select(l => l.Url));

    [GeneratedRegex(
        "<!--.*?-->|<script\\b.*?</script|<template\\b.*?</template",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex NoMarkup();

    [GeneratedRegex(
        "<link\\b[^<>]*\\brel\\s*=\\s*([\"'][^\"'<>]*)?\\b(hub|self)\\b[^<>]*>",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex HubOrSelf();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex IsAbsolute();
}
