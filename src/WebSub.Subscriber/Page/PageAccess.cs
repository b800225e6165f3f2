using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using WebSub.Access;

namespace WebSub.Subscriber.Page;

/// <summary>
/// Who may see the page: whom the app's policy lets through, if it has set one (<c>RequireAuthorization</c>, <c>AllowAnonymous</c>); else
/// callers on this machine. No page of another origin may act, whoever looks at it.
/// </summary>
internal sealed class PageAccess : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method) && BrowserOrigin.IsForeign(http.Request))
            return Refuse("This was sent by a page of another origin.");
        var metadata = http.GetEndpoint()?.Metadata;
        var isDecided = metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<IAllowAnonymous>() is not null;
        return isDecided || LocalCaller.Is(http)
            ? await next(context)
            : Refuse(
                "Only callers on this machine may see this page. To open it to others, set a policy: "
                    + "app.MapWebSubSubscriptions(…).RequireAuthorization(…)."
            );
    }

    private static IResult Refuse(string why) => TypedResults.Text(why + "\n", statusCode: StatusCodes.Status403Forbidden);
}
