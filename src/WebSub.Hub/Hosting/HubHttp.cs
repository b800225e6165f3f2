using Microsoft.Extensions.Options;
using WebSub.Http;

namespace WebSub.Hub.Hosting;

/// <summary>
/// The hub's outbound HTTP, all of it behind the address guard: one connection pool for deliveries, one for everything else.
/// </summary>
internal sealed class HubHttp(IOptions<HubOptions> options) : IDisposable
{
    public AddressGuard Guard { get; } = new(options.Value.Outbound);

    public HttpClient Deliveries { get; } = OutboundHttp.CreateClient(options.Value.Outbound);

    public HttpClient Other { get; } = OutboundHttp.CreateClient(options.Value.Outbound);

    public void Dispose()
    {
        Deliveries.Dispose();
        Other.Dispose();
    }
}
