using Microsoft.Extensions.DependencyInjection;
using WebSub.Publisher;
using WebSub.Publisher.Links;

namespace Microsoft.AspNetCore.Http;

/// <summary>What a request's resource advertises.</summary>
public static class WebSubPublisherHttpContextExtensions
{
    /// <summary>The hubs of this app and the topic of this request: its public URL with path base and query.</summary>
    /// <exception cref="InvalidOperationException"><c>AddWebSubPublisher</c> was not called.</exception>
    public static WebSubLinks GetWebSubLinks(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var links = context.RequestServices.GetService<ResourceLinks>()
            ?? throw new InvalidOperationException("GetWebSubLinks needs the publisher's services: call builder.Services.AddWebSubPublisher(…) before building the app.");
        return links.For(context.Request);
    }
}
