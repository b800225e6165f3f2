using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using WebSub.Discovery;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Publisher.Hubs;
using WebSub.Publisher.Links;
using WebSub.Values;

namespace WebSub.Publisher.Doctor;

/// <summary>Requests a topic as subscribers do and reports what is wrong with it.</summary>
internal sealed partial class TopicCheck(IOptions<WebSubPublisherOptions> options, PublisherHubs hubs, TimeProvider time) : IDisposable
{
    private const int MaxScannedBytes = 256 * 1024;
    private static readonly string[] Kinds = ["text/html", "application/json", "application/atom+xml", "application/rss+xml"];
    private readonly HttpClient _client = OutboundHttp.CreateClient(options.Value.Outbound);
    private readonly HttpClient _linkless = OutboundHttp.CreateClient(
        new LinklessHandler(OutboundHttp.CreateHandler(options.Value.Outbound))
    );

    public void Dispose()
    {
        _client.Dispose();
        _linkless.Dispose();
    }

    public async Task<IReadOnlyList<WebSubPublisherFinding>> RunAsync(string topic, CancellationToken cancellationToken)
    {
        var findings = new Findings(topic);
        if (!VerbatimUrl.TryCreate(topic, out var url, out var fault))
        {
            findings.Add(WebSubPublisherProblem.TopicUnreachable, $"The topic \"{topic}\" {fault}; hubs cannot fetch it.");
            return findings.All;
        }

        // 1. Can its audience reach it?
        var mine = hubs.For(topic);
        if (AddressGuard.IsPrivateHost(url) && mine.Any(IsPublic))
        {
            findings.Add(
                WebSubPublisherProblem.TopicNotPublic,
                $"{topic} is an address on this machine or network; the hub {mine.First(IsPublic).Url} cannot fetch it. "
                    + "Set WebSub:Publisher:PublicUrl to the app's public address, and publish topics under it."
            );
            return findings.All;
        }

        // 2. What does a subscriber see?
        var seen = await DiscoverAsync(_client, topic, null, cancellationToken);
        if (IsUnreachable(seen.Error))
        {
            findings.Add(
                seen.Error == DiscoveryError.AddressRefused
                    ? WebSubPublisherProblem.TopicNotPublic
                    : WebSubPublisherProblem.TopicUnreachable,
                $"Asked from this machine: {seen.Explanation}"
            );
            return findings.All;
        }

        var embedded = await DiscoverAsync(_linkless, topic, null, cancellationToken);
        CheckLinks(findings, topic, seen, embedded, mine);
        if (seen.Error is DiscoveryError.NoLinks or DiscoveryError.NoHub or DiscoveryError.NoSelf)
            await CheckOutsideHeadAsync(findings, seen, cancellationToken);
        if (seen.Hubs.Concat(seen.Self is null ? [] : [seen.Self]).Any(l => l.Source == LinkSource.LinkHeader))
            await CheckHeadAsync(findings, seen, cancellationToken);

        // 3. Is one topic one representation?
        await CheckRepresentationsAsync(findings, topic, cancellationToken);
        return findings.All;
    }

    private static bool IsPublic(WebSubPublisherHub hub) =>
        VerbatimUrl.TryCreate(hub.Url, out var url, out _) && !AddressGuard.IsPrivateHost(url);

    private static bool IsUnreachable(DiscoveryError error) =>
        error
            is DiscoveryError.InvalidUrl
                or DiscoveryError.AddressRefused
                or DiscoveryError.Unreachable
                or DiscoveryError.TimedOut
                or DiscoveryError.BadRedirect
                or DiscoveryError.ErrorStatus
                or DiscoveryError.NotAcceptable;

    private static void CheckLinks(
        Findings findings,
        string topic,
        DiscoveryResult seen,
        DiscoveryResult embedded,
        IReadOnlyList<WebSubPublisherHub> mine
    )
    {
        switch (seen.Error)
        {
            case DiscoveryError.SeveralSelfs:
                findings.Add(WebSubPublisherProblem.SeveralSelfs, seen.Explanation);
                break;
            case DiscoveryError.NoSelf:
                findings.Add(WebSubPublisherProblem.NoSelf, seen.Explanation);
                break;
            case DiscoveryError.None or DiscoveryError.NoHub:
                break;
            default:
                findings.Add(WebSubPublisherProblem.NoHub, $"{seen.Explanation} Add WithWebSubLinks() to its endpoint.");
                return;
        }

        if (seen.Self is { } self)
        {
            if (self.Url != topic)
                findings.Add(
                    WebSubPublisherProblem.SelfDiffers,
                    $"{topic} names {self.Url} as its topic (rel=self). Subscribers use that one: publish it, "
                        + "or set WebSub:Publisher:PublicUrl if they differ in scheme, host or path base."
                );
            if (embedded.Self is { } inside && inside.Url != self.Url)
                findings.Add(
                    WebSubPublisherProblem.SeveralSelfs,
                    $"The Link header of {topic} names the topic {self.Url}, but its document names {inside.Url}; there must be only one."
                );
        }

        var advertised = seen.Hubs.Select(h => h.Url).ToHashSet(StringComparer.Ordinal);
        foreach (var hub in mine.Where(h => !advertised.Contains(TopicSpelling.OfUrl(h.Url))))
        {
            findings.Add(
                WebSubPublisherProblem.NoHub,
                $"{topic} does not name the hub {hub.Url}, which is notified of its updates; no subscriber can find that hub."
            );
        }

        if (seen.IsSuccess && (seen.Self!.Source != LinkSource.LinkHeader || seen.Hubs[0].Source != LinkSource.LinkHeader))
        {
            findings.Add(
                WebSubPublisherProblem.LinksOnlyInBody,
                $"{seen.Explanation} Add a Link header too, with WithWebSubLinks(): "
                    + "it also works for documents that are neither HTML nor feeds, and for HEAD."
            );
        }
    }

    private async Task<DiscoveryResult> DiscoverAsync(
        HttpClient client,
        string topic,
        string? accept,
        CancellationToken cancellationToken
    ) =>
        await new TopicDiscovery(client, time).DiscoverAsync(
            topic,
            new() { Accept = accept, Timeout = options.Value.Timeout },
            cancellationToken
        );

    /// <summary>Discovery never looks at the body of a page; here it is only searched for links put there by mistake.</summary>
    private async Task CheckOutsideHeadAsync(Findings findings, DiscoveryResult seen, CancellationToken cancellationToken)
    {
        if (seen.ContentType?.Contains("html", StringComparison.OrdinalIgnoreCase) != true)
            return;
        var text = await TryAsync(HttpMethod.Get, seen.Visited[^1], ReadAsync, cancellationToken);
        if (text is not null && LinkElement().IsMatch(text))
        {
            findings.Add(
                WebSubPublisherProblem.LinksOutsideHead,
                $"{seen.Visited[^1]} has <link rel=hub> or <link rel=self> outside its <head>. Subscribers do not look there, "
                    + "since visitors may be able to write there: move it into the <head>, or add a Link header."
            );
        }
    }

    private async Task CheckHeadAsync(Findings findings, DiscoveryResult seen, CancellationToken cancellationToken)
    {
        var url = seen.Visited[^1];
        var get = await TryAsync(HttpMethod.Get, url, ReadLinksAsync, cancellationToken);
        var head = await TryAsync(HttpMethod.Head, url, ReadLinksAsync, cancellationToken);
        if (get is null || get == head)
            return;
        var how = head is null
            ? "does not answer HEAD"
            : $"answers HEAD with {head.Status} and {(head.Links.Length == 0 ? "no Link header" : head.Links)}";
        findings.Add(
            WebSubPublisherProblem.HeadDiffers,
            $"{url} {how}, GET with {get.Status} and {get.Links}. Subscribers may ask with HEAD."
        );
    }

    private async Task CheckRepresentationsAsync(Findings findings, string topic, CancellationToken cancellationToken)
    {
        var selfs = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var accept in Kinds)
        {
            var seen = await DiscoverAsync(_client, topic, accept, cancellationToken);
            if (seen is not { IsSuccess: true, ContentType: { } type })
                continue;
            if (!selfs.TryGetValue(seen.Self!.Url, out var types))
                selfs[seen.Self.Url] = types = new(StringComparer.OrdinalIgnoreCase);
            types.Add(type.Split(';')[0].Trim());
        }

        foreach (var (self, types) in selfs.Where(s => s.Value.Count > 1))
        {
            findings.Add(
                WebSubPublisherProblem.OneSelfForSeveralRepresentations,
                $"{topic} answers with {string.Join(" or ", types.Select(t => t))}, depending on Accept, "
                    + $"but always names the topic {self}. Give each its own URL and name that one, "
                    + "with WithWebSubLinks(l => l.Representation(…)) or context.SetWebSubSelf(…)."
            );
        }
    }

    private async Task<T?> TryAsync<T>(
        HttpMethod method,
        string url,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken
    )
    {
        if (!VerbatimUrl.TryCreate(url, out var uri, out _))
            return default;
        using var deadline = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(method, uri);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await read(response, either.Token);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or InvalidDataException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return default;
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return Encoding.UTF8.GetString(await BoundedBody.ReadStartAsync(body, MaxScannedBytes, cancellationToken));
    }

    private static Task<HeadLinks> ReadLinksAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Task.FromResult(
            new HeadLinks(
                (int)response.StatusCode,
                response.Headers.NonValidated.TryGetValues(LinkHeader.Name, out var values) ? string.Join(", ", values) : ""
            )
        );

    [GeneratedRegex("""<link\b[^>]*\brel\s*=\s*["']?(hub|self)\b""", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkElement();

    private sealed record HeadLinks(int Status, string Links);

    private sealed class Findings(string topic)
    {
        private readonly List<WebSubPublisherFinding> _all = [];

        public IReadOnlyList<WebSubPublisherFinding> All => _all;

        public void Add(WebSubPublisherProblem problem, string explanation) => _all.Add(new(problem, topic, explanation));
    }
}
