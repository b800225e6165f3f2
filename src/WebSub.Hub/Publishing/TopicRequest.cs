using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Http;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Values;
using WebSub.Wire;
using WebSub.Work;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Fetches a topic: one conditional GET, through the guard, with redirects followed by hand and limits on time and size (X6).
/// </summary>
internal sealed class TopicRequest(IOptions<HubOptions> options, HubHttp http, HubAddress address, HubClock time)
{
    private readonly ByteBudget _budget = new(options.Value.Publishing.MaxFetchBytes);

    private const int MaxRedirects = 5;

    /// <summary>Dates in headers are exact to the second, and an answer's own may be that of its end.</summary>
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(2);

    public async Task<FetchedTopic> FetchAsync(TopicRow topic, CancellationToken crowdedOut, CancellationToken cancellationToken)
    {
        if (!Topic.TryParse(topic.Url, out var url, out var fault))
            return FetchedTopic.Failed($"The topic {fault}.");

        using var deadline = new CancellationTokenSource(options.Value.Publishing.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, crowdedOut);
        try
        {
            var (target, uri) = (topic.Url, url.Uri);
            for (var redirects = 0; redirects <= MaxRedirects; redirects++)
            {
                using var request = RequestFor(target, uri, topic);
                using var response = await http.Other.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if (!IsRedirect(response.StatusCode))
                    return await ReadAsync(response, target, topic, either.Token);
                if (Raw(response.Headers, "Location") is not { Length: > 0 } location)
                    return FetchedTopic.Failed($"{PlainText.Of(target)} redirects without a Location.");
                var next = RelativeReference.Resolve(target, AsciiUrl.OfHeader(location));
                // What is wrong with it may be its password: no place for that is a log.
                if (!Topic.TryParse(next, out url, out fault))
                    return FetchedTopic.Failed($"{PlainText.Of(target)} redirects to a URL that is not fetched: it {fault}.");
                (target, uri) = (next, url.Uri);
            }

            return FetchedTopic.Failed($"The topic redirects more than {MaxRedirects} times.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FetchedTopic.Failed($"No complete answer within {options.Value.Publishing.FetchTimeout.TotalSeconds:0.#} s.");
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or IOException
                        or UriFormatException
                        or InvalidDataException
                        or InvalidOperationException
                        or NotSupportedException
            )
        {
            return FetchedTopic.Failed(PlainText.Of(e.GetBaseException().Message));
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private HttpRequestMessage RequestFor(string target, Uri uri, TopicRow topic)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", $"{OutboundHttp.UserAgent} (+{address.PublicUrl}; {topic.Subscribers} subscribers)");
        headers.TryAddWithoutValidation("Accept", "*/*");
        // We have been told of a change: what a cache still holds is what was before it.
        headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        headers.TryAddWithoutValidation("Pragma", "no-cache");
        if (MayBeUnchanged(target, topic))
            headers.TryAddWithoutValidation("If-None-Match", topic.Etag);
        return request;
    }

    // A tag says nothing about another URL, though the topic may redirect to that today.
    private static bool MayBeUnchanged(string target, TopicRow topic) => topic.Etag is not null && topic.EtagUrl == target;

    private async Task<FetchedTopic> ReadAsync(
        HttpResponseMessage response,
        string target,
        TopicRow topic,
        CancellationToken cancellationToken
    )
    {
        if (response.StatusCode == HttpStatusCode.NotModified && MayBeUnchanged(target, topic))
            return FetchedTopic.NotModified(topic, CachedAnswer.Of(response, time.GetUtcNow()));
        // Any other 2xx is a part, or about something else (RFC 9110 §15.3).
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NonAuthoritativeInformation))
            return FetchedTopic.Failed($"The topic answered {(int)response.StatusCode}.", RetryAfter.Read(response, time.GetUtcNow()));

        // Raw values, since the typed headers would rewrite them and peers compare bytes.
        var contentType = Clean(Raw(response.Content.Headers, "Content-Type"));
        var coding = Raw(response.Content.Headers, "Content-Encoding");
        await using var content = ContentCoding.Decode(await response.Content.ReadAsStreamAsync(cancellationToken), coding);
        if (content is null)
            return FetchedTopic.Failed($"The topic answered with the Content-Encoding {coding}, which was not requested.");

        var limit = options.Value.Publishing.MaxContentBytes;
        var announced = coding is null ? response.Content.Headers.ContentLength : null;
        var host = response.RequestMessage?.RequestUri?.IdnHost ?? "";
        var (body, room) = await BudgetedBody.ReadAsync(content, limit, announced, _budget, host, cancellationToken);
        if (body is null)
            return FetchedTopic.Failed($"The topic's content is larger than {limit} bytes (WebSub:Hub:Publishing:MaxContentBytes).");
        var etag = Proof(response);
        var budget = new DocumentBudget(DocumentBudget.NodesOfDiscovery, cancellationToken);
        var links = ResourceLinks.Read(response, target, body, budget);
        return new()
        {
            Status = (int)response.StatusCode,
            Body = body,
            Room = room,
            ContentType = contentType,
            ETag = etag,
            ETagUrl = etag is null ? null : target,
            Cached = CachedAnswer.Of(response, time.GetUtcNow()),
            Links = links,
            Nodes = budget.Spent,
        };
    }

    /// <summary>
    /// The entity tag, if the same tag later proves the same bytes. A weak one does not (RFC 9110 §8.8.1), and no server's that may have
    /// made it from the date of a file that has just changed: it may change again within that second.
    /// </summary>
    private string? Proof(HttpResponseMessage response)
    {
        var etag = Clean(Raw(response.Headers, "ETag"));
        if (etag is null || etag.StartsWith("W/", StringComparison.Ordinal))
            return null;
        var answered = response.Headers.Date ?? time.GetUtcNow();
        return response.Content.Headers.LastModified is { } changed && answered - changed < JustNow ? null : etag;
    }

    // A header that is not ASCII could not be sent again: the content type to subscribers, the tag with the next fetch.
    private static string? Clean(string? value) => value is not null && Ascii.IsValid(value) ? value : null;

    private static string? Raw(System.Net.Http.Headers.HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
