using Microsoft.Extensions.Options;
using WebSub.Http;
using WebSub.Publishing;

namespace WebSub.Publisher.Hubs;

/// <summary>The guarded HTTP client of everything the publisher sends.</summary>
internal sealed class PublisherHttp(IOptions<WebSubPublisherOptions> options, TimeProvider time) : IDisposable
{
    public HttpClient Client { get; } = OutboundHttp.CreateClient(options.Value.Outbound);

    /// <summary>Sends to a hub as configured.</summary>
    public HubPublisher For(WebSubPublisherHub hub) =>
        new(new HubClient(Client, time) { Timeout = options.Value.Timeout })
        {
            ApiKey = hub.ApiKey ?? options.Value.ApiKey,
            Form = hub.PingForm ?? options.Value.PingForm,
        };

    public void Dispose() => Client.Dispose();
}
