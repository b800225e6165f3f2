using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// The request body as it came over the wire, kept by <see cref="CallbackStartupFilter"/> before any middleware of the app: request
/// decompression replaces the body, and the signature is over what was sent (C3).
/// </summary>
internal sealed record WireBody(Stream Stream, StringValues ContentEncoding)
{
    public static WireBody Of(HttpContext context)
    {
        var now = new WireBody(context.Request.Body, context.Request.Headers.ContentEncoding);
        // The middleware removes the header when it replaces the body; if it is still there, nothing was replaced.
        return now.ContentEncoding.Count == 0 && context.Features.Get<WireBody>() is { } kept ? kept : now;
    }
}
