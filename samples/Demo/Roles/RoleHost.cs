using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WebSub.Hosting;

namespace Demo.Roles;

/// <summary>
/// The web app that hosts a role of the demo. Your own app starts with <c>WebApplication.CreateBuilder(args)</c> and takes these settings
/// from <c>appsettings.json</c>.
/// </summary>
internal static class RoleHost
{
    public static WebApplicationBuilder CreateBuilder(LoopbackPort port, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        // All parts are on this machine, which the address guard refuses by default.
        builder.Configuration["WebSub:Outbound:AllowPrivateNetworks"] = "true";
        builder.WebHost.UseKestrelCore();
        port.UseFor(builder.WebHost);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o =>
            o.LogToStandardErrorThreshold = LogLevel.Trace
        );
        return builder;
    }
}
