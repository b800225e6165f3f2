using System.Security.Claims;

namespace WebSub.Hub.Dashboard.Access;

/// <summary>Who looks at the dashboard, as claims: a circuit knows nothing else of the request that began it.</summary>
internal static class DashboardUser
{
    private const string Scheme = "WebSub";
    private const string ScopeClaim = "websub:scope";
    private const string KeyClaim = "websub:key";

    /// <summary>Whom the hub knows by a key or as a local caller.</summary>
    /// <param name="name">The name of the key, or <c>local</c>.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="key">The key, to look at again; null for a local caller.</param>
    public static ClaimsPrincipal Of(string name, IEnumerable<ApiScope> scopes, string? key)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name)], Scheme);
        identity.AddClaims(scopes.Select(s => new Claim(ScopeClaim, s.ToString())));
        if (key is not null)
            identity.AddClaim(new(KeyClaim, key));
        return new(identity);
    }

    /// <summary>Whom the app's own policy lets in: may do everything.</summary>
    public static ClaimsPrincipal OfHost(ClaimsPrincipal user) => Of(user.Identity?.Name ?? "host", Enum.GetValues<ApiScope>(), key: null);

    public static string NameOf(ClaimsPrincipal user) => user.FindFirst(ClaimTypes.Name)?.Value ?? "";

    public static string? KeyOf(ClaimsPrincipal user) => user.FindFirst(KeyClaim)?.Value;

    public static bool May(ClaimsPrincipal user, ApiScope scope) => user.HasClaim(ScopeClaim, scope.ToString());
}
