using WebSub.Hub;
using WebSub.Hub.Access;

namespace WebSub.Server;

/// <summary>Pages for whoever may read: callers on this machine, and keys with the scope <c>read</c>.</summary>
internal static class OperatorPages
{
    private static readonly PathString[] Paths = [Telemetry.Path, ApiPage.Path];

    public static void Guard(WebApplication app)
    {
        var access = app.Services.GetRequiredService<OperatorAccess>();
        app.Use(
            (context, next) =>
                Array.Exists(Paths, p => context.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase))
                    ? EnterAsync(access, context, next)
                    : next(context)
        );
    }

    private static async Task EnterAsync(OperatorAccess access, HttpContext context, RequestDelegate next)
    {
        if (await access.RefuseAsync(context, ApiScope.Read) is { } refusal)
            await refusal.ExecuteAsync(context);
        else
            await next(context);
    }
}
