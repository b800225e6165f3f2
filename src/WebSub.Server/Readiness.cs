using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace WebSub.Server;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can take requests, in a word and a sentence; 503 if not.
/// </summary>
internal static class Readiness
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live\n")).ExcludeFromDescription();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var word = report.Status switch
        {
            HealthStatus.Healthy => "ready",
            HealthStatus.Degraded => "ready, but late",
            _ => "not ready",
        };
        var reasons = report.Entries.Values.Select(e =>
            e.Description ?? (e.Exception is null ? "" : "A check failed; the log has the reason.")
        );
        return context.Response.WriteAsync($"{word}\n{string.Join('\n', reasons)}\n", context.RequestAborted);
    }
}
