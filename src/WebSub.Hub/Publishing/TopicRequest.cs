using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Http;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Values;

namespace WebSub.Hub.Publishing;

/// <summary>
/// Fetches a topic: one conditional GET, through the guard, with redirects followed by hand and limits on time and size (X6).
/// </summary>
internal sealed class TopicRequest(IOptions<HubOptions> options, HubHttp http, HubAddress address, HubClock time)
{
    private const int MaxRedirects = 5;

    public async Task<FetchedTopic> FetchAsync(TopicRow topic, CancellationToken crowdedOut, CancellationToken cancellationToken)
    {
        if (!Topic.TryParse(topic.Url, out var url, out var fault))
            return FetchedTopic.Failed($"The topic {fault}.");

        using var deadline = new CancellationTokenSource(options.Value.Publishing.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, crowdedOut);
        try
        {
            var target = url.Uri;
            for (var redirects = 0; redirects <= MaxRedirects; redirects++)
            {
                using var request = RequestFor(target, topic);
                using var response = await http.Other.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if (!IsRedirect(response.StatusCode))
                    return await ReadAsync(response, target, topic, either.Token);
                if (response.Headers.Location is not { } location)
                    return FetchedTopic.Failed($"{target} redirects without a Location.");
                target = new Uri(target, location);
                if (target.Scheme is not ("http" or "https"))
                    return FetchedTopic.Failed($"The topic redirects to {target}, which is not http or https.");
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

    private HttpRequestMessage RequestFor(Uri target, TopicRow topic)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target);
        var headers = request.Headers;
        headers.TryAddWithoutValidation("User-Agent", $"{OutboundHttp.UserAgent} (+{address.PublicUrl}; {topic.Subscribers} subscribers)");
        headers.TryAddWithoutValidation("Accept", "*/*");
        if (topic.Etag is not null)
            headers.TryAddWithoutValidation("If-None-Match", topic.Etag);
        if (topic.LastModified is not null)
            headers.TryAddWithoutValidation("If-Modified-Since", topic.LastModified);
        return request;
    }

    private async Task<FetchedTopic> ReadAsync(
        HttpResponseMessage response,
        Uri target,
        TopicRow topic,
        CancellationToken cancellationToken
    )
    {
        if (response.StatusCode == HttpStatusCode.NotModified)
            return FetchedTopic.NotModified(topic);
        if (!response.IsSuccessStatusCode)
            return FetchedTopic.Failed($"The topic answered {(int)response.StatusCode}.");

        // Raw values, since the typed headers would rewrite them and peers compare bytes.
        var contentType = Clean(Raw(response.Content.Headers, "Content-Type"));
        var coding = Raw(response.Content.Headers, "Content-Encoding");
        await using var content = ContentCoding.Decode(await response.Content.ReadAsStreamAsync(cancellationToken), coding);
        if (content is null)
            return FetchedTopic.Failed($"The topic answered with the Content-Encoding {coding}, which was not requested.");

        var limit = options.Value.Publishing.MaxContentBytes;
        var body = await BoundedBody.ReadAsync(content, limit, cancellationToken);
        return body is null
            ? FetchedTopic.Failed($"The topic's content is larger than {limit} bytes (WebSub:Hub:Publishing:MaxContentBytes).")
            : new()
            {
                Body = body,
                ContentType = contentType,
                ETag = Clean(Raw(response.Headers, "ETag")),
                LastModified = Clean(Raw(response.Content.Headers, "Last-Modified")),
                Links = ResourceLinks.Read(response, target.OriginalString, body),
            };
    }

    // A header that is not ASCII could not be sent again: the content type to subscribers, the others with the next fetch.
    private static string? Clean(string? value) => value is not null && Ascii.IsValid(value) ? value : null;

    private static string? Raw(System.Net.Http.Headers.HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
