using Microsoft.AspNetCore.Routing;
using WebSub.Hub.Administration;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps a hub's administration.</summary>
public static class WebSubAdministrationEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the administration API: what <see cref="WebSub.Hub.IHubAdministration"/> offers. Each caller needs a key with the scope
    /// <c>read</c> or <c>administer</c>, or to be on this machine; if the app adds a policy of its own with
    /// <c>RequireAuthorization</c>, that decides instead.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path of the API.</param>
    /// <exception cref="InvalidOperationException"><c>services.AddWebSubHub()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubAdministration(this IEndpointRouteBuilder endpoints, string pattern = "/api/v1")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var administration =
            endpoints.ServiceProvider.GetService<AdministrationEndpoint>()
            ?? throw new InvalidOperationException("MapWebSubAdministration needs the hub's services: call services.AddWebSubHub() first.");
        return administration.Map(endpoints.MapGroup(pattern));
    }
}
