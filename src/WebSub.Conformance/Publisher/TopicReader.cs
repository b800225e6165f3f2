using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Conformance.Publisher;

/// <summary>Requests what is published and reads its links, headers and body apart; what was said is written down.</summary>
/// <param name="http">A client that does not follow redirects.</param>
/// <param name="time">The clock of the deadline.</param>
/// <param name="patience">How long an answer may take, redirects included.</param>
internal sealed class TopicReader(HttpClient http, TimeProvider time, TimeSpan patience)
{
    private const int MaxRedirects = 10;
    private const int LargestBody = 8 * 1024 * 1024;
    private const string Anything = "*/*";

    /// <summary>The answer at the end of the redirects.</summary>
    /// <exception cref="CheckFailedException">There is none.</exception>
    public async Task<Visit> ReadAsync(
        string url,
        Transcript transcript,
        CancellationToken over,
        HttpMethod? method = null,
        string accept = Anything
    )
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, deadline.Token);
        List<RedirectHop> redirects = [];
        var current = url;
        try
        {
            while (true)
            {
                if (!VerbatimUrl.TryCreate(current, out var target, out var fault))
                    throw new CheckFailedException($"\"{current}\" {fault}");
                if (redirects.Exists(r => r.Url == current))
                    throw new CheckFailedException($"{url} redirects in a circle, over {current}");
                if (redirects.Count > MaxRedirects)
                    throw new CheckFailedException($"{url} redirects more than {MaxRedirects} times");

                using var request = new HttpRequestMessage(method ?? HttpMethod.Get, target);
                request.Headers.TryAddWithoutValidation("Accept", accept);
                var at = transcript.Now;
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token)
                    .ConfigureAwait(false);
                using var answer = new ResourceAnswer(response, current);
                var body = await ReadBodyAsync(answer, either.Token).ConfigureAwait(false);
                transcript.Sent(at, request, "", Transcript.Text(response, body));
                if (answer.Status is not (301 or 302 or 303 or 307 or 308))
                    return Read(answer, redirects, body, either.Token);

                if (string.IsNullOrWhiteSpace(answer.Location))
                    throw new CheckFailedException($"{current} answered {answer.Status}, a redirect, without a Location");
                redirects.Add(new(current, answer.Status, Links(answer)));
                current = RelativeReference.Resolve(current, answer.Location);
            }
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            throw new CheckFailedException(
                string.Create(CultureInfo.InvariantCulture, $"{url} did not answer within {patience.TotalSeconds:0.#} s")
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new CheckFailedException($"{url} cannot be read: {e.GetBaseException().Message}");
        }
    }

    private static async Task<byte[]> ReadBodyAsync(ResourceAnswer answer, CancellationToken cancellationToken)
    {
        var onTheWire = await answer.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        using var body =
            ContentCoding.Decode(onTheWire, answer.ContentEncoding)
            ?? throw new CheckFailedException($"{answer.Url} has the Content-Encoding {answer.ContentEncoding}, which was not asked for");
        return await BoundedBody.ReadAsync(body, LargestBody, cancellationToken).ConfigureAwait(false)
            ?? throw new CheckSkippedException($"{answer.Url} has more than {LargestBody >> 20} MB, which is the most that is read");
    }

    private static Visit Read(ResourceAnswer answer, IReadOnlyList<RedirectHop> redirects, byte[] body, CancellationToken cancellationToken)
    {
        var header = Links(answer);
        var document = BodyReader.Read(body, answer.ContentType, answer.Url, DocumentBudget.ForDiscovery(cancellationToken));
        return new(
            redirects,
            answer.Url,
            answer.Status,
            answer.ContentType,
            answer.HeaderLinks,
            header,
            document,
            new DiscoveryConclusion(answer, header, document, [.. redirects.Select(r => r.Url), answer.Url]).Conclude(),
            body
        );
    }

    private static LinkFindings Links(ResourceAnswer answer)
    {
        var links = new LinkFindings();
        foreach (var link in answer.HeaderLinks)
            links.Add(link.Relations, link.Target, answer.Url, LinkSource.LinkHeader);
        return links;
    }
}
