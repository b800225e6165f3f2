namespace WebSub.Cli.Listening;

/// <summary>
/// Gives the API key of the command line to the hubs that it is meant for, by their origins, and to nobody else: a redirect may lead
/// anywhere. The key is of this run; the file of <c>--database</c> does not have it.
/// </summary>
internal sealed class ApiKeyHandler(string? key, IReadOnlyList<string> hubs) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (key is not null && hubs.Any(h => IsSameOrigin(h, request.RequestUri!)))
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return base.SendAsync(request, cancellationToken);
    }

    private static bool IsSameOrigin(string hub, Uri url) =>
        Uri.TryCreate(hub, UriKind.Absolute, out var known)
        && Uri.Compare(known, url, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
