using Microsoft.AspNetCore.Http;
using WebSub.Protocol;
using WebSub.Publisher.Hubs;

namespace WebSub.Publisher.Links;

/// <summary>Determines the topic of a request, and its hubs.</summary>
internal sealed class ResourceLinks(PublisherHubs hubs, TopicNames names)
{
    /// <summary>The links of the current response, as far as they are known by now; none for an error or a redirect.</summary>
    public WebSubLinks For(HttpContext context)
    {
        if (!IsRepresentation(context))
            return WebSubLinks.None;
        var resource = Resource(context, null);
        var self = resource.Self ?? Declared(context, resource) ?? resource.Requested;
        return new([.. hubs.For(self).Select(h => h.Url)], self);
    }

    /// <summary>Names the topic of this response, in place of the requested URL.</summary>
    public void SetSelf(HttpContext context, string self) => Resource(context, null).Self = names.Of(context.Request, self);

    /// <summary>Adds the header when the response starts, if it is a representation.</summary>
    public void Advertise(HttpContext context, WebSubLinkOptions? how)
    {
        // A page in an advertised group is one topic, not two. The request is read now, because later middleware may rewrite its path.
        var resource = Resource(context, how);
        if (resource.IsAdvertised)
            return;
        resource.IsAdvertised = true;
        context.Response.OnStarting(() =>
        {
            if (IsRepresentation(context))
                context.Response.Headers.Append(LinkHeader.Name, For(context).ToHeader());
            return Task.CompletedTask;
        });
    }

    /// <summary>The URL of an error or of a redirect is no topic.</summary>
    private static bool IsRepresentation(HttpContext context) => context.Response.StatusCode is (>= 200 and < 300) or 304;

    private AdvertisedResource Resource(HttpContext context, WebSubLinkOptions? how)
    {
        if (context.Items.TryGetValue(typeof(AdvertisedResource), out var known) && known is AdvertisedResource resource)
        {
            // GetWebSubLinks may have come first, in a middleware that knew of no options.
            if (resource.Options is null && how is not null)
                (resource.Options, resource.Requested) = (how, names.Of(context.Request, how.Query));
            return resource;
        }

        resource = new() { Requested = names.Of(context.Request, how?.Query), Options = how };
        context.Items[typeof(AdvertisedResource)] = resource;
        return resource;
    }

    /// <summary>What the endpoint's options say about the current representation.</summary>
    private string? Declared(HttpContext context, AdvertisedResource resource)
    {
        if (resource.Options is not { } how)
            return null;
        var self = how.Self?.Invoke(context) ?? how.Find(context.Response.ContentType, context.Response.Headers.ContentLanguage);
        return string.IsNullOrEmpty(self) ? null : names.Of(context.Request, self);
    }
}
