using Microsoft.Extensions.Options;
using WebSub.Http;

namespace WebSub.Subscriber.Hosting;

/// <summary>The guarded client for all of the subscriber's outbound requests, and the named ones for hubs that need their own.</summary>
internal sealed class SubscriberHttp(
    IOptions<WebSubSubscriberOptions> options,
    IHttpClientFactory factory,
    SubscriberTransport? transport = null
) : IDisposable
{
    public HttpClient Client { get; } =
        transport is null ? OutboundHttp.CreateClient(options.Value.Outbound) : OutboundHttp.CreateClient(transport.Handler);

    public HttpClient ClientFor(string? name) => name is null ? Client : factory.CreateClient(HubHttpClient.Prefix + name);

    public void Dispose() => Client.Dispose();
}
