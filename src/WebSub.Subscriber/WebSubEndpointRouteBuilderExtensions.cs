using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Page;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints that hubs call, and the page for operators.</summary>
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

    /// <summary>
    /// Maps a page that shows the subscriptions with their states and reasons, their hubs, and what is in the inbox; it asks hubs again and
    /// replays notifications. Only callers on this machine may see it, until the app sets a policy: <c>.RequireAuthorization(…)</c>.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">Where: for example <c>/admin/websub</c>.</param>
    /// <exception cref="InvalidOperationException"><c>AddWebSubSubscriber</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubSubscriptions(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var page =
            endpoints.ServiceProvider.GetService<SubscriptionsPage>()
            ?? throw new InvalidOperationException(
                "MapWebSubSubscriptions needs the subscriber's services: call builder.Services.AddWebSubSubscriber(…) before building "
                    + "the app."
            );
        var group = endpoints.MapGroup(pattern);
        group.AddEndpointFilter(new PageAccess());
        // As delegates: a lambda of the context alone would be taken for one that writes the answer itself.
        group.MapGet("", (Delegate)((HttpContext context) => page.ListAsync(context, RootOf(context, ""))));
        var inbox = endpoints.ServiceProvider.GetRequiredService<InboxPage>();
        group.MapGet("inbox", (Delegate)((HttpContext context) => inbox.ListAsync(context, RootOf(context, "/inbox"))));
        var hubs = endpoints.ServiceProvider.GetRequiredService<HubsPage>();
        group.MapGet("hubs", (Delegate)((HttpContext context) => hubs.ListAsync(context, RootOf(context, "/hubs"))));
        group.MapGet("{id:guid}", (HttpContext context, Guid id) => page.ShowAsync(context, RootOf(context, $"/{id}"), id));
        group
            .MapPost("{id:guid}/renew", (HttpContext context, Guid id) => page.RenewAsync(context, RootOf(context, $"/{id}/renew"), id))
            .DisableAntiforgery();
        group
            .MapPost(
                "inbox/{id:long}/replay",
                (HttpContext context, long id) =>
                    inbox.ReplayAsync(context, RootOf(context, string.Create(CultureInfo.InvariantCulture, $"/inbox/{id}/replay")), id)
            )
            .DisableAntiforgery();
        return group;
    }

    /// <summary>Where the page is, as the browser sees it.</summary>
    private static string RootOf(HttpContext context, string end)
    {
        var path = (context.Request.PathBase + context.Request.Path).Value!.TrimEnd('/');
        return path[..^Math.Min(end.Length, path.Length)];
    }
}
