using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace WebSub.Wire;

/// <summary>
/// The request body as it came over the wire, kept before any middleware of the app: request decompression replaces the body, takes one
/// that breaks off for content, and a signature is over what was sent (C3).
/// </summary>
internal sealed record WireBody(Stream Stream, StringValues ContentEncoding)
{
    /// <summary>Keeps the body of each request that says it is compressed. To be the first middleware of the app.</summary>
    public static RequestDelegate Keep(RequestDelegate next) =>
        context =>
        {
            if (context.Request.Headers.ContentEncoding is { Count: > 0 } encoding)
                context.Features.Set(new WireBody(context.Request.Body, encoding));
            return next(context);
        };

    /// <summary>The body of this request.</summary>
    public static WireBody Of(HttpContext context)
    {
        var now = new WireBody(context.Request.Body, context.Request.Headers.ContentEncoding);
        // The middleware removes the header when it replaces the body; if it is still there, nothing was replaced.
        return now.ContentEncoding.Count == 0 && context.Features.Get<WireBody>() is { } kept ? kept : now;
    }
}
