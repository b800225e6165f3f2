using WebSub.Documents;
using WebSub.Http;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>Finds the hubs and the self URL of a resource (§4): Link headers first, then links embedded in HTML, Atom or RSS.</summary>
/// <remarks>
/// Where the W3C text leaves room: hub and self may stand in different places, and of each the headers win (D16); a resource without self
/// is refused, never guessed (D17), as is one with several; links in the body of a page or in an entry do not count (D6).
/// </remarks>
/// <param name="http">A client that does not follow redirects itself, from <see cref="OutboundHttp"/>.</param>
/// <param name="timeProvider">The clock of the time limit; null for the system's.</param>
public sealed class TopicDiscovery(HttpClient http, TimeProvider? timeProvider = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;

    /// <summary>Requests the resource and reads its links. Failures are results, not exceptions.</summary>
    /// <param name="resource">The URL a user knows; it may redirect (D14).</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <param name="cancellationToken">Ends discovery; then <see cref="OperationCanceledException"/> is thrown.</param>
    public async Task<DiscoveryResult> DiscoverAsync(
        string resource,
        DiscoveryOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new DiscoveryOptions();
        if (!VerbatimUrl.TryCreate(resource, out _, out var fault))
            return InvalidUrl(resource, fault);

        var client = new ResourceClient(http, options);
        using var deadline = new CancellationTokenSource(options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await DiscoverAsync(client, resource, options, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Either our deadline or the time limit for connecting.
            return Fail(
                client,
                DiscoveryError.TimedOut,
                $"{Last(client)} did not answer completely within {options.Timeout.TotalSeconds:0.#} s."
            );
        }
        catch (Exception e) when (AddressRefusedException.In(e) is { } refusal)
        {
            return Fail(client, DiscoveryError.AddressRefused, refusal.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            return Fail(client, DiscoveryError.Unreachable, $"{Last(client)} cannot be read: {PlainText.Of(e.GetBaseException().Message)}");
        }
    }

    private async Task<DiscoveryResult> DiscoverAsync(
        ResourceClient client,
        string resource,
        DiscoveryOptions options,
        CancellationToken cancellationToken
    )
    {
        // 1. HEAD, if wished: only a complete answer counts; whatever else it says, GET decides (D10).
        if (options.HeadFirst && await TryHeadAsync(client, resource, cancellationToken).ConfigureAwait(false) is { } found)
            return found;

        // 2. GET, redirects followed.
        var (reply, badRedirect) = await client.SendAsync(HttpMethod.Get, resource, cancellationToken).ConfigureAwait(false);
        if (reply is null)
            return Fail(client, DiscoveryError.BadRedirect, badRedirect!);
        using var answer = reply;
        if (!answer.IsSuccess)
            return ErrorStatus(client, answer);

        // 3. The Link headers of the last response; the body is read only for what they lack (D7, D8).
        var headers = HeaderLinks(answer);
        if (headers.HasBoth)
            return new DiscoveryConclusion(answer, headers, DocumentReading.None, client.Visited).Conclude();

        // 4. The links in the body (D9).
        var (body, tooLarge) = await BodyReader.ReadAsync(answer, options.MaxBytes, cancellationToken).ConfigureAwait(false);
        var result = new DiscoveryConclusion(answer, headers, body, client.Visited).Conclude();
        if (result.IsSuccess || !tooLarge)
            return result;
        return Fail(
            client,
            DiscoveryError.TooLarge,
            $"{DiscoveryConclusion.Subject(client.Visited)} is larger than the {options.MaxBytes} bytes that discovery reads, "
                + $"and neither they nor its Link headers name both a hub and a topic (rel=self)."
        ) with
        {
            ContentType = answer.ContentType,
        };
    }

    private static async Task<DiscoveryResult?> TryHeadAsync(ResourceClient client, string resource, CancellationToken cancellationToken)
    {
        try
        {
            var (answer, _) = await client.SendAsync(HttpMethod.Head, resource, cancellationToken).ConfigureAwait(false);
            using (answer)
            {
                if (answer is not { IsSuccess: true })
                    return null;
                var headers = HeaderLinks(answer);
                return headers.HasBoth ? new DiscoveryConclusion(answer, headers, DocumentReading.None, client.Visited).Conclude() : null;
            }
        }
        catch (HttpRequestException e) when (AddressRefusedException.In(e) is null)
        {
            return null;
        }
    }

    private static LinkFindings HeaderLinks(ResourceAnswer answer)
    {
        var findings = new LinkFindings();
        foreach (var link in answer.HeaderLinks)
            findings.Add(link.Relations, link.Target, answer.Url, LinkSource.LinkHeader);
        return findings;
    }

    private DiscoveryResult ErrorStatus(ResourceClient client, ResourceAnswer answer)
    {
        var subject = DiscoveryConclusion.Subject(client.Visited);
        var (error, explanation) =
            answer.Status == 406
                ? (
                    DiscoveryError.NotAcceptable,
                    $"{subject} answered 406: it has no representation in the type or language that was asked for."
                )
                : (DiscoveryError.ErrorStatus, $"{subject} answered {answer.Status} instead of the page or feed.");
        return Fail(client, error, explanation) with
        {
            ContentType = answer.ContentType,
            RetryAfter = answer.RetryAfter(_time.GetUtcNow()),
        };
    }

    private static DiscoveryResult InvalidUrl(string resource, string fault)
    {
        var text = PlainText.Of(resource ?? "");
        var looksLikeHost =
            resource is { Length: > 0 }
            && !resource.Contains(':', StringComparison.Ordinal)
            && VerbatimUrl.TryCreate("https://" + resource, out _, out _);
        return new()
        {
            Error = DiscoveryError.InvalidUrl,
            Explanation = $"The URL \"{text}\" {fault}.{(looksLikeHost ? $" Did you mean https://{text} ?" : "")}",
        };
    }

    private static DiscoveryResult Fail(ResourceClient client, DiscoveryError error, string explanation) =>
        new()
        {
            Error = error,
            Explanation = explanation,
            Visited = client.Visited,
        };

    private static string Last(ResourceClient client) => DiscoveryConclusion.Subject(client.Visited);
}
