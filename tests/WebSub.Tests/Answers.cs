using Microsoft.AspNetCore.Http;

namespace WebSub;

/// <summary>What a peer often says.</summary>
internal static class Answers
{
    public static RequestDelegate Status(int status, string? text = null) =>
        async context =>
        {
            context.Response.StatusCode = status;
            if (text is not null)
                await context.Response.WriteAsync(text);
        };

    public static RequestDelegate Redirect(int status, string? location) =>
        context =>
        {
            context.Response.StatusCode = status;
            if (location is not null)
                context.Response.Headers.Location = location;
            return Task.CompletedTask;
        };

    /// <summary>Takes the request, tells the test, and never answers.</summary>
    public static RequestDelegate Never(Action onRequest) =>
        async context =>
        {
            onRequest();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
}
