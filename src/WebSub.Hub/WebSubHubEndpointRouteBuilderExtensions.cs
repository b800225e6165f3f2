using Microsoft.AspNetCore.Routing;
using WebSub.Hub;
using WebSub.Hub.Endpoints;
using WebSub.Hub.Hosting;
using WebSub.Hub.Streaming;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps a hub's endpoint.</summary>
public static class WebSubHubEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the hub: subscribe, unsubscribe and publish by POST; anonymous and without antiforgery, as the protocol requires. Below it,
    /// <c>/events</c> reads topics' logs by GET: see <see cref="EventOptions"/>.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">
    /// The path; in a group it gets the group's prefix. If <c>UsePathBase</c> adds another prefix, set <c>WebSub:Hub:PublicUrl</c>.
    /// </param>
    /// <exception cref="InvalidOperationException"><c>services.AddWebSubHub()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubHub(this IEndpointRouteBuilder endpoints, string pattern = "/hub")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var hub =
            endpoints.ServiceProvider.GetService<HubEndpoint>()
            ?? throw new InvalidOperationException("MapWebSubHub needs the hub's services: call services.AddWebSubHub() first.");
        // All methods, so that the wrong ones get a sentence that names the right one (H10).
        var events = endpoints.ServiceProvider.GetRequiredService<EventsEndpoint>();
        var hubs = endpoints
            .Map(
                pattern,
                async Task<IResult> (HttpContext context) =>
                    HttpMethods.IsPost(context.Request.Method) ? await hub.AnswerAsync(context) : HubResults.PostOnly(context)
            )
            .WithMetadata(new HubAddress.Mapping(MappedAs.Hub))
            .AllowAnonymous()
            .DisableAntiforgery()
            .ExcludeFromDescription();
        var streams = endpoints
            .Map(pattern.TrimEnd('/') + "/events", Task<IResult> (HttpContext context) => events.AnswerAsync(context))
            .AllowAnonymous()
            .ExcludeFromDescription();
        return new MappedHub([hubs, streams]);
    }
}
