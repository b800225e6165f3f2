using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.LoadTests.Sending;

/// <summary>
/// The yardstick: a fixed number of workers that do nothing but sign and send. The same body, headers, HMAC and connection settings as the
/// hub's deliveries, and no database, no queue, no time-outs.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    /// <summary>The hub's default for one origin.</summary>
    private const int Workers = 64;

    private readonly HttpMessageInvoker _sender;
    private readonly Func<HttpRequestMessage, Task<HttpResponseMessage>> _send;

    private BareLoop(HttpMessageInvoker sender, Func<HttpRequestMessage, Task<HttpResponseMessage>> send) =>
        (_sender, _send) = (sender, send);

    /// <summary>A loop on <see cref="HttpClient"/>.</summary>
    public static BareLoop OnClient(OutboundOptions outbound)
    {
        var client = OutboundHttp.CreateClient(outbound);
        return new(client, request => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>A loop on <see cref="HttpMessageInvoker"/>, the thinnest way into the same handler.</summary>
    public static BareLoop OnInvoker(OutboundOptions outbound)
    {
        var invoker = new HttpMessageInvoker(OutboundHttp.CreateHandler(outbound));
        return new(
            invoker,
            request =>
            {
                request.Headers.TryAddWithoutValidation("User-Agent", OutboundHttp.UserAgent);
                return invoker.SendAsync(request, CancellationToken.None);
            }
        );
    }

    /// <summary>Sends an update to every target.</summary>
    public async Task SendAsync(IReadOnlyList<BareTarget> targets, byte[] content, int number)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));

        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var index && index < targets.Count)
                await SendAsync(targets[index], content, number);
        }
    }

    public void Dispose() => _sender.Dispose();

    /// <summary>Sends an update to one target.</summary>
    public async Task SendAsync(BareTarget target, byte[] content, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Callback) { Content = new ByteArrayContent(content) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", Updates.ContentType);
        request.Headers.TryAddWithoutValidation("Link", target.Link);
        request.Headers.TryAddWithoutValidation(HubHeaders.DeliveryId, $"{target.DeliveryId}{number}");
        request.Headers.TryAddWithoutValidation(HubHeaders.Signature, HubSignature.Compute(SignatureMethod.Sha256, target.Secret, content));
        using var response = await _send(request);
        response.EnsureSuccessStatusCode();
    }
}
