using Microsoft.AspNetCore.Http;
using WebSub.Publisher.Links;

namespace WebSub.Publisher;

/// <summary>What the topic of an endpoint is, if it is not simply the requested URL.</summary>
public sealed class WebSubLinkOptions
{
    private readonly List<DeclaredRepresentation> _representations = [];

    /// <summary>The query parameters that are part of the topic; others, such as campaign parameters, are left out of it.</summary>
    /// <value>Names. Default: null, all of them.</value>
    public IList<string>? Query { get; set; }

    /// <summary>
    /// Names the topic. Called when the response starts, so its headers are known; it may be called more than once. Returning null has no
    /// effect. A path is relative to the app's address.
    /// </summary>
    /// <value>Default: none.</value>
    public Func<HttpContext, string?>? Self { get; set; }

    /// <summary>
    /// Gives a representation its own topic (D12): an endpoint that answers with JSON or HTML depending on <c>Accept</c> names the URL that
    /// always answers with the chosen one.
    /// </summary>
    /// <param name="contentType">The media type without parameters, for example <c>application/json</c>.</param>
    /// <param name="self">The topic: a path relative to the app's address, or a URL.</param>
    /// <param name="language">Only with this <c>Content-Language</c>; null for any.</param>
    public WebSubLinkOptions Representation(string contentType, string self, string? language = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ArgumentException.ThrowIfNullOrEmpty(self);
        _representations.Add(new(contentType, language, self));
        return this;
    }

    internal string? Find(string? contentType, string? language) => _representations.Find(r => r.Matches(contentType, language))?.Self;
}
