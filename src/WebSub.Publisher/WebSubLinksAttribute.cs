using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Publisher.Links;

namespace WebSub.Publisher;

/// <summary>Advertises hubs and topic in a <c>Link</c> header on the responses of a controller, an action or a Razor page. For other endpoints there is <c>WithWebSubLinks()</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WebSubLinksAttribute : Attribute, IResourceFilter
{
    /// <summary>Adds the header once the response starts.</summary>
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var links = context.HttpContext.RequestServices.GetService<ResourceLinks>()
            ?? throw new InvalidOperationException("[WebSubLinks] needs the publisher's services: call builder.Services.AddWebSubPublisher(…) before building the app.");
        links.Advertise(context.HttpContext);
    }

    /// <summary>Does nothing.</summary>
    public void OnResourceExecuted(ResourceExecutedContext context)
    {
        // The header is added when the response starts.
    }
}
