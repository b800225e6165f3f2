using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace WebSub.Hub.Hosting;

/// <summary>The URLs at which this hub is reached from outside.</summary>
internal sealed class HubAddress(IOptions<HubOptions> options, IServiceProvider services)
{
    private string? _resolved;

    private readonly Dictionary<MappedAs, string> _paths = new()
    {
        [MappedAs.Hub] = "/hub",
        [MappedAs.Subscriptions] = "/subscriptions",
        [MappedAs.Messages] = "/messages",
    };

    /// <summary>The hub's URL, for <c>rel=hub</c>.</summary>
    public string PublicUrl => options.Value.PublicUrl?.OriginalString ?? _resolved ?? $"http://localhost{_paths[MappedAs.Hub]}";

    /// <summary>Where messages are read: <c>https://hub.example/messages/</c> for <c>https://hub.example/hub</c>.</summary>
    public string MessagesUrl => UrlOf(MappedAs.Messages, "messages") + "/";

    /// <summary>Where predicates are subscribed to; the <c>rel=hub</c> of messages.</summary>
    public string SubscriptionsUrl => UrlOf(MappedAs.Subscriptions, "subscriptions");

    /// <summary>Takes the paths from the app's endpoints and derives the URL from the listening address unless it is set.</summary>
    /// <exception cref="InvalidOperationException">
    /// The URL could only be guessed: the server listens on a wildcard address, or the hub's path has parameters.
    /// </exception>
    public void Resolve()
    {
        string? guess = null;
        foreach (var endpoint in services.GetService<EndpointDataSource>()?.Endpoints.OfType<RouteEndpoint>() ?? [])
        {
            if (endpoint.Metadata.GetMetadata<Mapping>() is not { } mapping || endpoint.RoutePattern.RawText is not { } path)
                continue;
            // A path with parameters cannot be advertised.
            if (endpoint.RoutePattern.Parameters.Count == 0)
                _paths[mapping.As] = "/" + path.Trim('/');
            else if (mapping.As == MappedAs.Hub)
                guess = path;
        }

        if (options.Value.PublicUrl is not null)
            return;
        if (guess is not null)
            throw new InvalidOperationException(
                $"The hub is mapped to {guess}, which does not determine its URL. "
                    + "Set WebSub:Hub:PublicUrl, for example to https://hub.example/hub."
            );

        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host is "0.0.0.0" or "[::]" or "*" or "+")
            {
                throw new InvalidOperationException(
                    $"The server listens on {address}, which does not determine the hub's URL. "
                        + $"Set WebSub:Hub:PublicUrl, for example to https://hub.example{_paths[MappedAs.Hub]}."
                );
            }

            _resolved ??= $"{uri.GetLeftPart(UriPartial.Authority)}{_paths[MappedAs.Hub]}";
        }
    }

    /// <summary>
    /// The URL of one of the app's paths as seen from outside: on the hub's host. If the hub is reached under another path, beside that
    /// path.
    /// </summary>
    private string UrlOf(MappedAs part, string name)
    {
        var hub = new Uri(PublicUrl);
        var known = hub.GetLeftPart(UriPartial.Path);
        return known.EndsWith(_paths[MappedAs.Hub], StringComparison.Ordinal)
            ? known[..^_paths[MappedAs.Hub].Length] + _paths[part]
            : new Uri(hub, name).AbsoluteUri;
    }

    /// <summary>Marks an endpoint with what it is mapped as.</summary>
    public sealed record Mapping(MappedAs As);
}
