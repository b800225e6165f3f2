using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace WebSub.Hub.Dashboard.Access;

/// <summary>
/// Keeps the key that somebody signed in with, sealed, in cookies of the browser session: a token may need several. It is presented to the
/// hub with every request, so a key that is disabled opens nothing any more.
/// </summary>
internal sealed class SignInCookie(IDataProtectionProvider protection)
{
    /// <summary>
    /// The longest key or token, in characters: sealed, it takes half of the 32 KB that the server has for a request's headers.
    /// </summary>
    public const int MaxLength = 12_000;

    private const string Name = "websub-dashboard";

    private readonly IDataProtector _protector = protection.CreateProtector("WebSub.Hub.Dashboard.SignIn");
    private readonly ChunkingCookieManager _cookies = new() { ThrowForPartialCookies = false };

    /// <summary>The key; null if nobody has signed in, or the cookies are not ours.</summary>
    public string? Read(HttpContext context)
    {
        if (_cookies.GetRequestCookie(context, Name) is not { Length: > 0 } value)
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

    public void Write(HttpContext context, string key) =>
        _cookies.AppendResponseCookie(context, Name, _protector.Protect(key), Options(context));

    public void Delete(HttpContext context) => _cookies.DeleteCookie(context, Name, Options(context));

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
