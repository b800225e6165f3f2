namespace WebSub.Hub.Hosting;

/// <summary>What the hub's endpoints ask of a request.</summary>
internal static class HttpRequestExtensions
{
    /// <summary>The media type without its parameters, in lower case; empty if there is none.</summary>
    public static string MediaType(this HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
