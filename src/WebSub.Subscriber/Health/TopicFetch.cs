using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Health;

/// <summary>Asks a topic for its content, if it has other content than is known. Follows redirects; guarded like discovery.</summary>
internal sealed class TopicFetch(SubscriberHttp http, IOptions<WebSubSubscriberOptions> options, TimeProvider time)
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The content, that it is unchanged, or why there is none. Never throws for what the topic does.</summary>
    /// <param name="subscription">Whose topic.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="etag">The <c>ETag</c> of what is known.</param>
    /// <param name="lastModified">The <c>Last-Modified</c> of what is known.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<TopicContent> GetAsync(
        Subscription subscription,
        string topic,
        string? etag,
        string? lastModified,
        CancellationToken cancellationToken
    )
    {
        if (!Uri.TryCreate(topic, UriKind.Absolute, out var url))
            return new(Fault: "The topic is not a URL.");
        // The network keeps real time.
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                if (url.Scheme is not ("http" or "https"))
                    return new(Fault: "The topic is not an http or https URL.");
                using var request = RequestFor(subscription, url, etag, lastModified);
                using var response = await http.ClientFor(subscription.Options.DiscoveryHttpClient)
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
                if (
                    response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther)
                    && (int)response.StatusCode is not (307 or 308)
                )
                    return await ReadAsync(response, either.Token);
                if (redirects == MaxRedirects || response.Headers.Location is not { } location)
                    return new(Fault: $"It redirects more than {MaxRedirects} times, or nowhere.");
                url = new Uri(url, location);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Fault: $"It did not answer within {Deadline.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UriFormatException or InvalidOperationException)
        {
            return new(Fault: e.Message);
        }
    }

    private static HttpRequestMessage RequestFor(Subscription subscription, Uri url, string? etag, string? lastModified)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", subscription.Options.Accept ?? "*/*");
        if (subscription.Options.AcceptLanguage is { } language)
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        if (lastModified is not null)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", lastModified);
        return request;
    }

    private async Task<TopicContent> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotModified)
            return new();
        if (!response.IsSuccessStatusCode)
            return new(Fault: $"It answered {(int)response.StatusCode}.", RetryAfter: RetryAfter.Read(response, time.GetUtcNow()));
        var limit = options.Value.MaxBodyBytes;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await BoundedBody.ReadAsync(stream, limit, cancellationToken) is not { } body
            ? new(Fault: $"Its content has more than {limit} bytes.")
            : new(
                body,
                First(response.Content.Headers.NonValidated, "Content-Type"),
                First(response.Content.Headers.NonValidated, "Content-Encoding"),
                First(response.Headers.NonValidated, "ETag"),
                First(response.Content.Headers.NonValidated, "Last-Modified")
            );
    }

    private static string? First(HttpHeadersNonValidated headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.ToString() : null;
}
