using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Hosting;
using WebSub.Wire;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// What must happen to callback requests before any middleware of the app: keep the body as received, and trust the proxy if configured to.
/// </summary>
internal sealed class CallbackStartupFilter(IOptions<WebSubSubscriberOptions> options, CallbackPrefixes prefixes) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(WireBody.Keep);
            if (options.Value.TrustForwardedHeaders)
                app.UseWhen(IsCallback, branch => branch.UseForwardedHeaders(Forwarded()));
            next(app);
        };

    private static ForwardedHeadersOptions Forwarded()
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        return forwarded;
    }

    // The path base is removed later than this, so it may still be there.
    private bool IsCallback(HttpContext context)
    {
        var path = context.Request.Path;
        return prefixes
                .Old.Prepend(prefixes.Current)
                .Any(p => p.Length == 0 || path.Value!.Contains($"/{p}/", StringComparison.OrdinalIgnoreCase))
            || prefixes.Own.Any(p => path.Value!.TrimEnd('/').EndsWith(p.TrimEnd('/'), StringComparison.OrdinalIgnoreCase));
    }
}
