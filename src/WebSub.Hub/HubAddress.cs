using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery;
using WebSub.Hub.Storage;

namespace WebSub.Hub;

/// <summary>Where this hub is reached from outside.</summary>
internal sealed class HubAddress(IOptions<HubOptions> options, IServiceProvider services)
{
    /// <summary>What tells the hub's endpoint from the app's others.</summary>
    public static object Marker { get; } = new HubEndpointMark();

    private string _path = "/hub";
    private string? _resolved;

    /// <summary>The hub's URL, for <c>rel=hub</c>.</summary>
    public string PublicUrl => options.Value.PublicUrl?.OriginalString ?? _resolved ?? $"http://localhost{_path}";

    /// <summary>Where messages are read, beside the hub: <c>https://hub.example/messages/</c> for <c>https://hub.example/hub</c>.</summary>
    public string MessagesUrl => new Uri(new Uri(PublicUrl), "messages/").AbsoluteUri;

    /// <summary>Where predicates are subscribed to, beside the hub; the <c>rel=hub</c> of messages.</summary>
    public string SubscriptionsUrl => new Uri(new Uri(PublicUrl), "subscriptions").AbsoluteUri;

    /// <summary>What deliveries say about a topic.</summary>
    public TopicHeaders HeadersOf(LaneRow lane) => lane.Filtered == 1
        ? TopicHeaders.ForMessages(lane.TopicId, SubscriptionsUrl, MessagesUrl)
        : TopicHeaders.For(lane.TopicId, lane.TopicUrl, PublicUrl, lane.SelfUrl, lane.Hubs);

    /// <inheritdoc cref="HeadersOf(LaneRow)"/>
    public TopicHeaders HeadersOf(SubscriptionRow row) => row.Filtered == 1
        ? TopicHeaders.ForMessages(row.TopicId, SubscriptionsUrl, MessagesUrl)
        : TopicHeaders.For(row.TopicId, row.TopicUrl, PublicUrl, row.SelfUrl, row.Hubs);

    /// <summary>Derives the URL from the listening address and the endpoint's path, unless it is set.</summary>
    /// <exception cref="InvalidOperationException">The server listens on a wildcard address, or the path has parameters, so the URL would be a guess.</exception>
    public void Resolve()
    {
        if (options.Value.PublicUrl is not null) return;
        if (MappedPattern() is { } pattern)
        {
            if (pattern.Parameters.Count > 0) throw new InvalidOperationException($"The hub is mapped to {pattern.RawText}, from which its own URL cannot be told. Set WebSub:Hub:PublicUrl, for example https://hub.example/hub.");
            _path = "/" + pattern.RawText?.TrimStart('/');
        }

        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host is "0.0.0.0" or "[::]" or "*" or "+")
            {
                throw new InvalidOperationException($"The server listens on {address}, from which the hub's own URL cannot be told. Set WebSub:Hub:PublicUrl, for example https://hub.example{_path}.");
            }

            _resolved ??= $"{uri.GetLeftPart(UriPartial.Authority)}{_path}";
        }
    }

    // Only once the app is built does an endpoint know the prefixes of the groups that it is in.
    private RoutePattern? MappedPattern() =>
        services.GetService<EndpointDataSource>()?.Endpoints.OfType<RouteEndpoint>().FirstOrDefault(e => e.Metadata.GetMetadata<HubEndpointMark>() is not null)?.RoutePattern;

    private sealed class HubEndpointMark;
}
