namespace WebSub.Hub.Hosting;

/// <summary>An answer in text or JSON that no browser takes for a page, whatever was repeated in it.</summary>
internal sealed class PlainResult(IResult text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return text.ExecuteAsync(httpContext);
    }
}
