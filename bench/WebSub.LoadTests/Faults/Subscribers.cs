using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace WebSub.LoadTests.Faults;

/// <summary>All callbacks, in this process: they confirm every intent and write every delivery into the ledger.</summary>
internal sealed class Subscribers : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _confirmed;

    private Subscribers(Ledger ledger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(context => HandleAsync(context, ledger));
    }

    /// <summary>Intents confirmed so far.</summary>
    public int Confirmed => Volatile.Read(ref _confirmed);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<Subscribers> StartAsync(Ledger ledger)
    {
        var subscribers = new Subscribers(ledger);
        await subscribers._app.StartAsync();
        return subscribers;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context, Ledger ledger)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync(context.Request.Query["hub.challenge"].ToString());
            Interlocked.Increment(ref _confirmed);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var update = int.Parse(await reader.ReadToEndAsync(context.RequestAborted), CultureInfo.InvariantCulture);
        ledger.Receive(int.Parse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture), update);
    }
}
