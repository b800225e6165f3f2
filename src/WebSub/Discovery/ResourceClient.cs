using WebSub.Http;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>
/// Requests a resource and follows its redirects by hand, so that every address on the way is ours to check and to show (D14).
/// </summary>
internal sealed class ResourceClient(HttpClient http, DiscoveryOptions options)
{
    private const string AnythingAcceptable =
        "text/html, application/xhtml+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.8";

    private readonly List<string> _visited = [];

    /// <summary>The URLs that the last <see cref="SendAsync"/> requested.</summary>
    public IReadOnlyList<string> Visited => [.. _visited];

    /// <summary>The answer at the end of the redirects, or the sentence that says why there is none.</summary>
    public async Task<(ResourceAnswer? Answer, string? BadRedirect)> SendAsync(
        HttpMethod method,
        string resource,
        CancellationToken cancellationToken
    )
    {
        _visited.Clear();
        var current = resource;
        while (true)
        {
            if (!VerbatimUrl.TryCreate(current, out var url, out var fault))
                return (null, $"{PlainText.Of(_visited[^1])} redirected to \"{PlainText.Of(current)}\", which {fault}.");
            if (_visited.Contains(current))
                return (null, $"{PlainText.Of(resource)} redirects in a circle: {Path(_visited)} → {PlainText.Of(current)}.");
            if (_visited.Count > options.MaxRedirects)
                return (
                    null,
                    $"{PlainText.Of(resource)} redirected more than {options.MaxRedirects} times, last to {PlainText.Of(current)}."
                );

            _visited.Add(current);
            var answer = new ResourceAnswer(await SendOnceAsync(method, url, cancellationToken).ConfigureAwait(false), current);
            if (answer.Status is not (301 or 302 or 303 or 307 or 308))
                return (answer, null);

            using (answer)
            {
                if (string.IsNullOrWhiteSpace(answer.Location))
                    return (null, $"{PlainText.Of(current)} answered {answer.Status} (redirect) without a Location header.");
                current = RelativeReference.Resolve(current, LooseReference.Clean(answer.Location));
            }
        }
    }

    private static string Path(IEnumerable<string> urls) => string.Join(" → ", urls.Select(u => PlainText.Of(u)));

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("Accept", options.Accept ?? AnythingAcceptable);
        if (options.AcceptLanguage is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", options.AcceptLanguage);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
