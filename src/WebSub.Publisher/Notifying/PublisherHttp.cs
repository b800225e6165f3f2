using Microsoft.Extensions.Options;
using WebSub.Http;

namespace WebSub.Publisher.Notifying;

/// <summary>The guarded HTTP client of all pings.</summary>
internal sealed class PublisherHttp(IOptions<WebSubPublisherOptions> options) : IDisposable
{
    public HttpClient Client { get; } = OutboundHttp.CreateClient(options.Value.Outbound);

    public void Dispose() => Client.Dispose();
}
