using Microsoft.Extensions.Options;
using WebSub.Http;

namespace WebSub.Subscriber.Leases;

/// <summary>The guarded client of all outbound requests of the subscriber.</summary>
internal sealed class SubscriberHttp(IOptions<WebSubSubscriberOptions> options) : IDisposable
{
    public HttpClient Client { get; } = OutboundHttp.CreateClient(options.Value.Outbound);

    public void Dispose() => Client.Dispose();
}
