using Microsoft.AspNetCore.Hosting;
using WebSub.Wire;

namespace WebSub.Hub.Endpoints;

/// <summary>Keeps what is sent to the hub as it came, whatever the app's middleware makes of it.</summary>
internal sealed class BodyStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(WireBody.Keep);
            next(app);
        };
}
