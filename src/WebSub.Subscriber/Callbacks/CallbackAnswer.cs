using System.Text;
using Microsoft.AspNetCore.Http;

namespace WebSub.Subscriber.Callbacks;

/// <summary>A callback's response: a status and a text, always text/plain, so that nothing a hub sent comes back as a page.</summary>
internal static class CallbackAnswer
{
    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = Encoding.UTF8.GetByteCount(text);
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
