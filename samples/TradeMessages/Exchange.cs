using System.Net;

namespace TradeMessages;

/// <summary>The hub with its predicate API, on a free port of this machine, its database in a temporary folder.</summary>
internal sealed class Exchange : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private Exchange(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    public Uri Address => new(_app.Urls.First());

    public static async Task<Exchange> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("trade-messages-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Services.AddWebSubHub(o =>
        {
            o.ConnectionString = $"Data Source={Path.Combine(folder, "exchange.db")}";
            // The parties are on this machine; a public exchange leaves this out.
            o.Outbound.AllowPrivateNetworks = true;
        });
        var app = builder.Build();
        app.MapWebSubHub();
        app.MapWebSubPredicates();
        await app.StartAsync();
        return new(app, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
