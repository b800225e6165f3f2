using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Subscriber;
using WebSub.Subscriber.Callbacks;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what hubs call.</summary>
public static class WebSubEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the callbacks of all subscriptions: <c>{CallbackPrefix}/{handler}/{key}</c>, GET and POST, anonymous, since hubs have no account here;
    /// the key is unguessable and deliveries are signed.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddWebSubSubscriber</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubCallbacks(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var endpoint = endpoints.ServiceProvider.GetService<CallbackEndpoint>()
            ?? throw new InvalidOperationException("MapWebSubCallbacks needs the subscriber's services: call builder.Services.AddWebSubSubscriber(…) before building the app.");
        var prefix = endpoints.ServiceProvider.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value.CallbackPrefix.Trim('/');
        var pattern = $"{(prefix.Length > 0 ? "/" + prefix : "")}/{{{CallbackEndpoint.HandlerParameter}}}/{{{CallbackEndpoint.KeyParameter}}}";
        return endpoints.MapMethods(pattern, CallbackEndpoint.Methods, (RequestDelegate)endpoint.InvokeAsync)
            .WithDisplayName("WebSub callbacks")
            .WithMetadata(new AllowAnonymousAttribute(), new ExcludeFromDescriptionAttribute())
            .DisableAntiforgery();
    }
}
