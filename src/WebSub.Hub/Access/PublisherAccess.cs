using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace WebSub.Hub.Access;

/// <summary>
/// Decides whether a caller may push content and register topics: with a key, from this machine, or by the host app's own policy.
/// </summary>
internal sealed class PublisherAccess(IOptions<HubOptions> options, CallerReader callers)
{
    /// <summary>A space and the sentence that says who needs no key; empty if every caller needs one.</summary>
    public string LocalHint => callers.TrustsLocal ? " Callers on the hub's own machine need none." : "";

    public async Task<Caller> ReadAsync(HttpContext context)
    {
        var caller = await callers.ReadAsync(context);
        if (caller.MayPublish || options.Value.Publishing.AuthorizationPolicy is not { } policy)
            return caller;

        // A key unknown to us may be a token for the host app.
        var authorization = context.RequestServices.GetRequiredService<IAuthorizationService>();
        var result = await authorization.AuthorizeAsync(context.User, resource: context, policy);
        return caller with { IsAuthorizedByHost = result.Succeeded };
    }
}
