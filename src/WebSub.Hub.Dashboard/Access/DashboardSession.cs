using Microsoft.AspNetCore.Components.Authorization;

namespace WebSub.Hub.Dashboard.Access;

/// <summary>
/// What the one who looks at a page may do, asked anew each time: a page can stay open for days, and its key be disabled meanwhile.
/// </summary>
internal sealed class DashboardSession(
    AuthenticationStateProvider authentication,
    DashboardAccess access,
    IHubAdministration hub,
    IServiceProvider services
)
{
    /// <summary>The name for the audit log.</summary>
    public async Task<string> NameAsync() => DashboardUser.NameOf((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>True if it may do this now.</summary>
    public async Task<bool> MayAsync(ApiScope scope)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (!DashboardUser.May(user, scope))
            return false;
        return DashboardUser.KeyOf(user) is not { } key || (await access.ScopesOfAsync(key, services))?.Contains(scope) == true;
    }

    /// <summary>Asks the hub for something.</summary>
    /// <returns>The action; null if what it is to be done to is gone.</returns>
    /// <exception cref="UnauthorizedAccessException">The key may not do this, or not any more.</exception>
    public async Task<HubAction?> RequestAsync(HubActionKind kind, string target, Func<HubActionRequest, HubActionRequest>? more = null)
    {
        await DemandAsync(ApiScope.Administer);
        var request = new HubActionRequest(kind, target, await NameAsync());
        return await hub.RequestAsync(more is null ? request : more(request));
    }

    /// <exception cref="UnauthorizedAccessException">The key may not do this, or not any more.</exception>
    public async Task DemandAsync(ApiScope scope)
    {
        if (!await MayAsync(scope))
            throw new UnauthorizedAccessException($"This needs a key with the scope {scope.ToString().ToLowerInvariant()}.");
    }
}
