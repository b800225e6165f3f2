using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Protocol;

namespace WebSub.Publisher.Links;

/// <summary>Knows the hubs, and the topic that a request asks for.</summary>
internal sealed class ResourceLinks(IOptions<WebSubPublisherOptions> options)
{
    private readonly string[] _hubs = [.. options.Value.Hubs.Distinct(StringComparer.Ordinal)];
    private readonly string? _publicUrl = options.Value.PublicUrl?.OriginalString.TrimEnd('/');

    /// <summary>The links of the resource; self is its public URL with path base and query.</summary>
    public WebSubLinks For(HttpRequest request) =>
        new(_hubs, _publicUrl is null ? request.GetEncodedUrl() : _publicUrl + request.Path.ToUriComponent() + request.QueryString.ToUriComponent());

    /// <summary>Adds the header when the response starts, if it is a representation: the URL of an error or of a redirect is no topic.</summary>
    public void Advertise(HttpContext context)
    {
        // A page in an advertised group is one topic, not two.
        if (!context.Items.TryAdd(typeof(ResourceLinks), null)) return;

        // Inner parts may rewrite the path; the topic is what was asked for.
        var header = For(context.Request).ToHeader();
        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode is (>= 200 and < 300) or 304) context.Response.Headers.Append(LinkHeader.Name, header);
            return Task.CompletedTask;
        });
    }
}
