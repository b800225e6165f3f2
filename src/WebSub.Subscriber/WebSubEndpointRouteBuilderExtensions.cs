using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints that hubs call.</summary>
public static class WebSubEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the callbacks of all subscriptions: <c>{CallbackPrefix}/{handler}/{key}</c>, GET and POST, anonymous because hubs have no
    /// account here; the key is unguessable and deliveries are signed. Earlier prefixes that hubs still know are mapped too.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddWebSubSubscriber</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubCallbacks(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var endpoint =
            endpoints.ServiceProvider.GetService<CallbackEndpoint>()
            ?? throw new InvalidOperationException(
                "MapWebSubCallbacks needs the subscriber's services: call builder.Services.AddWebSubSubscriber(…) before building the app."
            );
        var prefixes = endpoints.ServiceProvider.GetRequiredService<CallbackPrefixes>();
        var callbacks = new CallbackDataSource(endpoint, prefixes, endpoints.ServiceProvider);
        prefixes.IsMapped = true;
        endpoints.DataSources.Add(callbacks);
        return callbacks;
    }
}
