using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Dashboard.Access;
using WebSub.Hub.Dashboard.Assets;
using WebSub.Hub.Dashboard.Components;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps a hub's dashboard.</summary>
public static class WebSubDashboardEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the dashboard. Callers on this machine need no key unless a setting says so; others sign in with one that has the scope
    /// <c>read</c>, and act with one that has <c>administer</c>. If the app adds a policy of its own with <c>RequireAuthorization</c>, that
    /// decides instead.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="pattern">The path of the dashboard.</param>
    /// <exception cref="InvalidOperationException"><c>services.AddWebSubHub().AddDashboard()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapWebSubHubDashboard(this IEndpointRouteBuilder endpoints, string pattern = "/dashboard")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var access =
            endpoints.ServiceProvider.GetService<DashboardAccess>()
            ?? throw new InvalidOperationException(
                "MapWebSubHubDashboard needs the dashboard's services: call services.AddWebSubHub().AddDashboard() first."
            );
        var prefix = "/" + pattern.Trim('/');
        var branch = endpoints.CreateApplicationBuilder();
        branch.Use(next => context => access.EnterAsync(context, next));
        branch.UseRouting();
        branch.UseAntiforgery();
        branch.UseEndpoints(pages =>
        {
            // They are no part of the API.
            var own = pages.MapGroup("").WithMetadata(new ExcludeFromDescriptionAttribute());
            own.MapGet("/assets/{name}", AssetFiles.Answer);
            own.MapGet("/sign-in", SignInPage.Show);
            own.MapPost("/sign-in", SignInPage.SignInAsync);
            own.MapPost("/sign-out", SignInPage.SignOut);
            // The door sets the policy for all pages.
            pages.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null);
        });
        return endpoints
            .Map($"{prefix}/{{**{DashboardAccess.Rest}}}", branch.Build())
            .WithDisplayName("WebSub hub dashboard")
            .WithMetadata(new ExcludeFromDescriptionAttribute());
    }
}
