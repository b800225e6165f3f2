using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WebSub.Access;
using WebSub.Hub.Access;

namespace WebSub.Hub.Dashboard.Access;

/// <summary>
/// The door of the dashboard. It lets in whom the app's policy has let in, if there is one; else callers on this machine and those that
/// signed in with a key that may read. All others are shown the form.
/// </summary>
internal sealed class DashboardAccess(CallerReader callers, SignInCookie cookie)
{
    /// <summary>The name of the route value with the path within the dashboard.</summary>
    public const string Rest = "rest";

    // MudBlazor sets styles on elements; scripts come from here only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    // What may be seen by anybody: the form and what it looks like.
    private static readonly string[] Open = ["/sign-in", "/sign-out", "/assets"];

    /// <summary>Lets the request in, or answers it.</summary>
    public async Task EnterAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        // With no-referrer, browsers would hide where the form of signing in comes from.
        headers["Referrer-Policy"] = "same-origin";

        var metadata = context.GetEndpoint()?.Metadata;
        var isDecided = metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<IAllowAnonymous>() is not null;
        if (!Descend(context))
        {
            // Without the slash, links on the page would lead beside it.
            var path = context.Request.Path.Value!;
            context.Response.Redirect(path[(path.LastIndexOf('/') + 1)..] + "/" + context.Request.QueryString);
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && BrowserOrigin.IsForeign(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("This was sent by a page of another origin.\n", context.RequestAborted);
            return;
        }

        if (isDecided)
            context.User = DashboardUser.OfHost(context.User);
        else if (!await KnowsAsync(context))
            return;
        await next(context);
    }

    /// <summary>What a key allows now; null if it is not good for anything.</summary>
    public async Task<IReadOnlyCollection<ApiScope>?> ScopesOfAsync(string key, IServiceProvider services)
    {
        var request = new DefaultHttpContext { RequestServices = services };
        request.Request.Headers.Authorization = "Bearer " + key;
        var caller = await callers.ReadAsync(request);
        return caller is { HasWrongKey: false, KeyName: not null } ? caller.Scopes : null;
    }

    /// <summary>True if the request may go on, with its user set.</summary>
    private async Task<bool> KnowsAsync(HttpContext context)
    {
        var key = cookie.Read(context);
        if (key is not null)
            context.Request.Headers.Authorization = "Bearer " + key;
        var caller = await callers.ReadAsync(context);
        var isOpen = Array.Exists(Open, p => context.Request.Path.StartsWithSegments(p, StringComparison.Ordinal));
        if (caller.May(ApiScope.Read))
        {
            context.User = DashboardUser.Of(
                caller.KeyName ?? Caller.LocalName,
                caller.KeyName is null ? Enum.GetValues<ApiScope>() : caller.Scopes,
                caller.KeyName is null ? null : key
            );
            return true;
        }

        if (isOpen)
            return true;
        var depth = context.Request.Path.Value!.Count(c => c == '/') - 1;
        if (HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal))
        {
            var to = Uri.EscapeDataString(context.Request.Path.Value![1..] + context.Request.QueryString);
            context.Response.Redirect(string.Concat(Enumerable.Repeat("../", depth)) + "sign-in?to=" + to);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return false;
    }

    /// <summary>
    /// From here on the path begins within the dashboard, and its own routes decide. False if there is no slash behind its name.
    /// </summary>
    private static bool Descend(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var rest = context.Request.RouteValues[Rest] as string ?? "";
        if (rest.Length == 0 && !path.EndsWith('/'))
            return false;
        // The route's value is decoded like the path, so it is a suffix of it.
        var prefix = path[..^(rest.Length + 1)];
        context.Request.PathBase = context.Request.PathBase.Add(prefix);
        context.Request.Path = "/" + rest;
        context.Request.RouteValues = new RouteValueDictionary();
        context.SetEndpoint(null);
        return true;
    }
}
