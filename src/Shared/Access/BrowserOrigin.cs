using Microsoft.AspNetCore.Http;

namespace WebSub.Access;

/// <summary>
/// Tells requests that a page of another origin made a browser send: such a page reaches loopback too, without any key, and browsers ask
/// nobody before they send a plain form or text.
/// </summary>
internal static class BrowserOrigin
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>True unless the request comes from no browser, from a page of our own, or from the user (an address typed).</summary>
    public static bool IsForeign(HttpRequest request)
    {
        var headers = request.Headers;
        // "null", of a page in a sandbox, is nobody's origin either.
        var isForeign =
            headers.Origin.Count > 0
            && !string.Equals(headers.Origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        return isForeign || (headers.TryGetValue(FetchSite, out var site) && site.ToString() is not ("none" or "same-origin"));
    }
}
