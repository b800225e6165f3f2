using Microsoft.Extensions.Options;

namespace WebSub.Publisher.Hubs;

/// <summary>The configured hubs and their topics: the same answer for what is advertised and for which hubs are notified.</summary>
internal sealed class PublisherHubs(IOptions<WebSubPublisherOptions> options)
{
    /// <summary>Every hub, once.</summary>
    public IReadOnlyList<WebSubPublisherHub> All { get; } = [.. options.Value.Hubs.DistinctBy(h => h.Url, StringComparer.Ordinal)];

    /// <summary>The hubs of a topic, in the order of the settings.</summary>
    public IReadOnlyList<WebSubPublisherHub> For(string topic) => [.. All.Where(h => h.Serves(topic))];

    /// <summary>The hub with this URL.</summary>
    public WebSubPublisherHub Find(string url) => All.First(h => h.Url == url);
}
