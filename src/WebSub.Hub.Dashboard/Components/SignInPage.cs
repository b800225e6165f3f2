using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using WebSub.Hub.Dashboard.Access;

namespace WebSub.Hub.Dashboard.Components;

/// <summary>
/// Signs in with a key, and out. Against forged requests the door looks at where they come from, and the cookie goes to no page of others.
/// </summary>
internal static class SignInPage
{
    public static IResult Show(string? to = null) => Page(to, fault: null, StatusCodes.Status200OK);

    public static async Task<IResult> SignInAsync(HttpContext context, DashboardAccess access, SignInCookie cookie)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (key, to) = (form["key"].ToString().Trim(), form["to"].ToString());
        if (key.Length is 0 or > SignInCookie.MaxLength)
            return Page(
                to,
                $"A key or token has between 1 and {Words.Of(SignInCookie.MaxLength)} characters.",
                StatusCodes.Status400BadRequest
            );
        var scopes = await access.ScopesOfAsync(key, context.RequestServices);
        if (scopes is null)
            return Page(to, "The key is not one of this hub's.", StatusCodes.Status401Unauthorized);
        if (!scopes.Contains(ApiScope.Read))
            return Page(to, "The key is valid, but read is not among its scopes.", StatusCodes.Status403Forbidden);
        cookie.Write(context, key);
        return TypedResults.Redirect("./" + (Uri.IsWellFormedUriString(to, UriKind.Relative) ? to : ""));
    }

    public static IResult SignOut(HttpContext context, SignInCookie cookie)
    {
        cookie.Delete(context);
        return TypedResults.Redirect("sign-in");
    }

    private static RazorComponentResult<SignIn> Page(string? to, string? fault, int status) =>
        new(new { To = to, Fault = fault }) { StatusCode = status };
}
