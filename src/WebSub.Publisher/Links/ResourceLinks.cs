using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Protocol;
using WebSub.Publisher.Hubs;

namespace WebSub.Publisher.Links;

/// <summary>Determines the topic of a request, and its hubs.</summary>
internal sealed class ResourceLinks(PublisherHubs hubs, IOptions<WebSubPublisherOptions> options)
{
    private readonly string? _publicUrl = options.Value.PublicUrl?.OriginalString.TrimEnd('/');

    /// <summary>The links of the current response, as far as they are known by now.</summary>
    public WebSubLinks For(HttpContext context)
    {
        var resource = Resource(context, null);
        var self = resource.Self ?? Declared(context, resource) ?? resource.Requested;
        return new([.. hubs.For(self).Select(h => h.Url)], self);
    }

    /// <summary>Names the topic of this response, in place of the requested URL.</summary>
    public void SetSelf(HttpContext context, string self) => Resource(context, null).Self = Absolute(context.Request, self);

    /// <summary>
    /// Adds the header when the response starts, if it is a representation: the URL of an error or a redirect is not a topic.
    /// </summary>
    public void Advertise(HttpContext context, WebSubLinkOptions? how)
    {
        // A page in an advertised group is one topic, not two. The request is read now, because later middleware may rewrite its path.
        var resource = Resource(context, how);
        if (resource.IsAdvertised)
            return;
        resource.IsAdvertised = true;
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode is (>= 200 and < 300) or 304)
                context.Response.Headers.Append(LinkHeader.Name, For(context).ToHeader());
            return Task.CompletedTask;
        });
    }

    private AdvertisedResource Resource(HttpContext context, WebSubLinkOptions? how)
    {
        if (context.Items.TryGetValue(typeof(AdvertisedResource), out var known) && known is AdvertisedResource resource)
        {
            // GetWebSubLinks may have come first, in a middleware that knew of no options.
            if (resource.Options is null && how is not null)
                (resource.Options, resource.Requested) = (how, Url(context.Request, how.Query));
            return resource;
        }

        resource = new() { Requested = Url(context.Request, how?.Query), Options = how };
        context.Items[typeof(AdvertisedResource)] = resource;
        return resource;
    }

    /// <summary>What the endpoint's options say about the current representation.</summary>
    private string? Declared(HttpContext context, AdvertisedResource resource)
    {
        if (resource.Options is not { } how)
            return null;
        var self = how.Self?.Invoke(context) ?? how.Find(context.Response.ContentType, context.Response.Headers.ContentLanguage);
        return self is null ? null : Absolute(context.Request, self);
    }

    private string Url(HttpRequest request, IList<string>? kept)
    {
        var query = kept is null ? request.QueryString.ToUriComponent() : QueryText.Keep(request.QueryString.ToUriComponent(), kept);
        return _publicUrl is null
            ? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path, new QueryString(query))
            : _publicUrl + request.Path.ToUriComponent() + query;
    }

    private string Absolute(HttpRequest request, string self)
    {
        if (!self.StartsWith('/'))
            return self;
        return (_publicUrl ?? UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase).TrimEnd('/')) + self;
    }
}
