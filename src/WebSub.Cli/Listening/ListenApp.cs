using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using WebSub.Access;
using WebSub.Hosting;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>The app that has the callback: the subscriber library and nothing else.</summary>
internal static class ListenApp
{
    public const string Handler = "listen";

    /// <summary>The name of the HTTP client for requests to hubs.</summary>
    public const string ToHubs = "hubs";

    public static WebApplication Create(
        LoopbackPort port,
        ListenSession session,
        bool isVerbose,
        Func<DelegatingHandler> credentials,
        Action<WebSubSubscriberOptions> configure
    )
    {
        // Empty: no appsettings.json and no environment of the folder this happens to run in.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(k =>
            {
                k.AddServerHeader = false;
                // Hubs pass on what publishers wrote. As UTF-8, which is the default, a byte that is none would cost the delivery.
                k.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
                k.ConfigureEndpointDefaults(o => o.Use(RequestTarget.Escape));
            });
        port.UseFor(builder.WebHost);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        // Requests are told of in one line each (RequestLog); the libraries' own lines have whole URLs, with the callback's key in them.
        builder
            .Logging.SetMinimumLevel(isVerbose ? LogLevel.Information : LogLevel.Error)
            .AddFilter("Microsoft", LogLevel.Error)
            .AddFilter("System", LogLevel.Error)
            .AddSimpleConsole(o => o.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(session);
        var subscriber = builder.Services.AddWebSubSubscriber(configure).AddHandler(Handler, session.HandleAsync).AddEvents<ListenEvents>();
        subscriber.AddHubHttpClient(ToHubs).AddHttpMessageHandler(credentials);

        var app = builder.Build();
        // Hubs are no browsers: a page that found the port has no business here, whatever it guessed.
        app.Use(
            (context, next) =>
            {
                if (!BrowserOrigin.IsForeign(context.Request))
                    return next(context);
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }
        );
        app.MapWebSubCallbacks();
        return app;
    }
}
