using Microsoft.Extensions.DependencyInjection;
using WebSub.Publisher;
using WebSub.Publisher.Links;

namespace Microsoft.AspNetCore.Http;

/// <summary>Access to what a request's resource advertises.</summary>
public static class WebSubPublisherHttpContextExtensions
{
    /// <summary>
    /// The topic of this request and its hubs. The topic is the request's public URL with path base and query, unless the endpoint or
    /// <see cref="SetWebSubSelf"/> says otherwise. If the status is an error or a redirect, there are no links: such a page has no topic.
    /// </summary>
    /// <exception cref="InvalidOperationException"><c>AddWebSubPublisher</c> was not called.</exception>
    public static WebSubLinks GetWebSubLinks(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Services(context, nameof(GetWebSubLinks)).For(context);
    }

    /// <summary>
    /// Names the topic of this response: for one chosen by <c>Accept</c> or <c>Accept-Language</c>, the URL that always answers with it
    /// (D12). The Link header and <see cref="GetWebSubLinks"/> reflect it.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="self">A path relative to the app's address, for example <c>/news.json</c>, or a URL.</param>
    /// <exception cref="InvalidOperationException"><c>AddWebSubPublisher</c> was not called, or the response has started.</exception>
    public static void SetWebSubSelf(this HttpContext context, string self)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(self);
        var links = Services(context, nameof(SetWebSubSelf));
        if (context.Response.HasStarted)
            throw new InvalidOperationException(
                "SetWebSubSelf was called too late: the response has started, and its Link header has been sent."
            );
        links.SetSelf(context, self);
    }

    /// <summary>The same with the topic that the page names.</summary>
    internal static WebSubLinks GetLinksNaming(this HttpContext context, string? self)
    {
        var links = Services(context, nameof(GetWebSubLinks));
        if (!string.IsNullOrEmpty(self))
            links.SetSelf(context, self);
        return links.For(context);
    }

    private static ResourceLinks Services(HttpContext context, string method) =>
        context.RequestServices.GetService<ResourceLinks>()
        ?? throw new InvalidOperationException(
            $"{method} needs the publisher's services: call builder.Services.AddWebSubPublisher(…) before building the app."
        );
}
