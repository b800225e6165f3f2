using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Publisher;
using WebSub.Publisher.Links;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Advertises endpoints as WebSub topics.</summary>
public static class WebSubPublisherEndpointExtensions
{
    /// <summary>
    /// Adds one <c>Link</c> header with every hub and the topic to successful responses (D2, D3). The topic is the public URL of the
    /// request with path base and query. GET endpoints answer HEAD too, since subscribers may use it (D8).
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddWebSubPublisher</c> was not called.</exception>
    /// <param name="endpoint">An endpoint or a group of them.</param>
    /// <param name="configure">Sets the topic, if it is not simply the requested URL.</param>
    public static TBuilder WithWebSubLinks<TBuilder>(this TBuilder endpoint, Action<WebSubLinkOptions>? configure = null)
        where TBuilder : IEndpointConventionBuilder
    {
        var options = new WebSubLinkOptions();
        configure?.Invoke(options);
        endpoint.Add(builder =>
        {
            var links =
                builder.ApplicationServices.GetService<ResourceLinks>()
                ?? throw new InvalidOperationException(
                    "WithWebSubLinks needs the publisher's services: call builder.Services.AddWebSubPublisher(…) before building the app."
                );
            builder.Metadata.Add(new AdvertisedMetadata());
            AnswerHead(builder);
            if (builder.RequestDelegate is { } next)
            {
                builder.RequestDelegate = context =>
                {
                    links.Advertise(context, options);
                    return next(context);
                };
            }
        });
        return endpoint;
    }

    private static void AnswerHead(EndpointBuilder builder)
    {
        for (var i = 0; i < builder.Metadata.Count; i++)
        {
            if (
                builder.Metadata[i] is IHttpMethodMetadata { HttpMethods: var methods } metadata
                && methods.Contains(HttpMethods.Get)
                && !methods.Contains(HttpMethods.Head)
            )
            {
                builder.Metadata[i] = new HttpMethodMetadata([.. methods, HttpMethods.Head], metadata.AcceptCorsPreflight);
            }
        }
    }
}
