using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hosting;

namespace Demo.Roles;

/// <summary>The hub, embedded in an app; as a separate program it is <c>src/WebSub.Server</c>, or <c>websub hub</c>.</summary>
internal static class HubRole
{
    public static string UrlAt(LoopbackPort port) => $"{port.Url}/hub";

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
        builder.Services.AddWebSubHub();

        var app = builder.Build();
        app.MapWebSubHub("/hub");
        return app;
    }
}
