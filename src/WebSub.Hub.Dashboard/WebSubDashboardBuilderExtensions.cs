using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using WebSub.Hub.Dashboard.Access;
using WebSub.Hub.Dashboard.Assets;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the dashboard to a hub.</summary>
public static class WebSubDashboardBuilderExtensions
{
    /// <summary>Adds what the dashboard needs; map it with <c>app.MapWebSubHubDashboard()</c>. Calling it twice is harmless.</summary>
    /// <param name="builder">The hub.</param>
    public static IWebSubHubBuilder AddDashboard(this IWebSubHubBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(s => s.ServiceType == typeof(DashboardAccess)))
            return builder;
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddMudServices();
        builder.Services.AddCascadingAuthenticationState();
        builder.Services.AddDataProtection();
        builder.Services.TryAddSingleton<AssetFiles>();
        builder.Services.TryAddSingleton<SignInCookie>();
        builder.Services.TryAddSingleton<DashboardAccess>();
        builder.Services.TryAddScoped<DashboardSession>();
        return builder;
    }
}
