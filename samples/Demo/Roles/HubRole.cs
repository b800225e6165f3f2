using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Hosting;

namespace Demo.Roles;

/// <summary>The hub, embedded in an app; as a separate program it is <c>src/WebSub.Server</c>, or <c>websub hub</c>.</summary>
internal static class HubRole
{
    public static string UrlAt(LoopbackPort port) => $"{port.Url}/hub";

    /// <summary>Open to whoever sits at this machine: the hub's URL is on loopback.</summary>
    public static string DashboardAt(LoopbackPort port) => $"{port.Url}/dashboard";

    public static WebApplication Create(LoopbackPort port, string folder, TimeSpan lease)
    {
        var builder = RoleHost.CreateBuilder(
            port,
            new()
            {
                ["ConnectionStrings:WebSub"] = $"Data Source={Path.Combine(folder, "hub.db")}",
                ["WebSub:Hub:PublicUrl"] = UrlAt(port),
                // Real leases last days; the demo is to show a renewal.
                ["WebSub:Hub:Lease:MinSeconds"] = $"{lease.TotalSeconds}",
                ["WebSub:Hub:Lease:DefaultSeconds"] = $"{lease.TotalSeconds}",
            }
        );
        builder.Services.AddWebSubHub().AddDashboard();
        // Nothing of the demo stays behind, not even the keys of cookies; it is no surprise that they are not encrypted.
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(folder));
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        var app = builder.Build();
        app.MapWebSubHub("/hub");
        app.MapWebSubHubDashboard("/dashboard");
        return app;
    }
}
