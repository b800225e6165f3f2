using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace WebSub.Hub.Dashboard.Access;

/// <summary>
/// Keeps the key that somebody signed in with, sealed, in a cookie of the browser session. It is presented to the hub with every request,
/// so a key that is disabled opens nothing any more.
/// </summary>
internal sealed class SignInCookie(IDataProtectionProvider protection)
{
    /// <summary>The longest key or token that fits into a cookie.</summary>
    public const int MaxLength = 2500;

    private const string Name = "websub-dashboard";

    private readonly IDataProtector _protector = protection.CreateProtector("WebSub.Hub.Dashboard.SignIn");

    /// <summary>The key; null if nobody has signed in, or the cookie is not ours.</summary>
    public string? Read(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(Name, out var value) || value.Length == 0)
            return null;
        try
        {
            return _protector.Unprotect(value);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Write(HttpContext context, string key) => context.Response.Cookies.Append(Name, _protector.Protect(key), Options(context));

    public static void Delete(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    // Where the dashboard is below what a proxy takes away is not known here, so the path is that of the host.
    private static CookieOptions Options(HttpContext context) =>
        new()
        {
            HttpOnly = true,
            IsEssential = true,
            Path = "/",
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
        };
}
