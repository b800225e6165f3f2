using System.Net;
using Microsoft.AspNetCore.Http;

namespace WebSub.Access;

/// <summary>
/// Tells callers on this machine: the connection comes from loopback, through no proxy, by a name of loopback, and no page of another
/// origin made a browser send the request.
/// </summary>
internal static class LocalCaller
{
    /// <summary>True for a caller on this machine.</summary>
    public static bool Is(HttpContext context)
    {
        var headers = context.Request.Headers;
        return context.Connection.RemoteIpAddress is { } peer
            && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer)
            // A name that was rebound to loopback stays in Host.
            && context.Request.Host.Host is ("localhost" or "127.0.0.1" or "[::1]")
            && !headers.ContainsKey("Forwarded")
            && !headers.ContainsKey("Via")
            && !headers.Keys.Any(k => k.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
            && !BrowserOrigin.IsForeign(context.Request);
    }
}
