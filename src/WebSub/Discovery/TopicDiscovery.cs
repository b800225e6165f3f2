namespace WebSub.Discovery;

/// <summary>Finds the hubs and the self URL of a resource (§4): Link headers first, then links embedded in HTML, Atom or RSS.</summary>
public sealed class TopicDiscovery(HttpClient http, TimeProvider? timeProvider = null)
{
    /// <summary>Requests the resource and reads its links. Failures are results, not exceptions.</summary>
    /// <param name="resource">The URL a user knows; it may redirect (D14).</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <param name="cancellationToken">Ends discovery; then <see cref="OperationCanceledException"/> is thrown.</param>
    public Task<DiscoveryResult> DiscoverAsync(string resource, DiscoveryOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException($"{http} {timeProvider}");
}
