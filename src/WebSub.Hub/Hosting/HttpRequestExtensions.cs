namespace WebSub.Hub.Hosting;

/// <summary>Reads what the hub's endpoints need from a request.</summary>
internal static class HttpRequestExtensions
{
    /// <summary>The media type without parameters, in lower case; empty if there is none.</summary>
    public static string MediaType(this HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
}
