using System.Net;

namespace WebSub.Http;

/// <summary>
/// Sends a request once more, at once and on a fresh connection, when the kept one it went out on was closed by the peer (RFC 9112 §9.3.1),
/// and says which address did not finish a TLS handshake.
/// </summary>
/// <param name="pool">Keeps its connections.</param>
/// <param name="fresh">Makes a handler that keeps none.</param>
internal sealed class OutboundHandler(HttpMessageHandler pool, Func<HttpMessageHandler> fresh) : DelegatingHandler(pool)
{
    /// <summary>Where the connection was made that a request is waiting for.</summary>
    public static readonly HttpRequestOptionsKey<EndPoint> Address = new("WebSub.Address");

    private readonly Lazy<HttpMessageInvoker> _fresh = new(() => new(fresh()));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (KeptConnectionClosedException.IsIn(e) && CanRepeat(request.Content))
        {
            return await _fresh.Value.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested && e.InnerException is TimeoutException)
        {
            throw request.Options.TryGetValue(Address, out var address)
                ? new HttpRequestException(
                    HttpRequestError.SecureConnectionError,
                    $"{address}: connected, but the TLS handshake did not end in time"
                )
                : new HttpRequestException(HttpRequestError.ConnectionError, $"{request.RequestUri!.Authority}: no connection in time");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && _fresh.IsValueCreated)
            _fresh.Value.Dispose();
        base.Dispose(disposing);
    }

    private static bool CanRepeat(HttpContent? content) => content is null or ByteArrayContent or ReadOnlyMemoryContent;
}
