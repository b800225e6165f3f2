using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace WebSub.LoadTests.Faults;

/// <summary>
/// All callbacks, in this process: they confirm every intent. <c>/N</c> writes every delivery into the ledger; <c>/failing/N</c> answers
/// 503 for the first half of each minute, <c>/slow/N</c> after a second, any other word at once.
/// </summary>
internal sealed class Subscribers : IAsyncDisposable
{
    private const int HalfAMinute = 30;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
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

        var path = context.Request.Path.Value!;
        if (!char.IsAsciiDigit(path[1]))
        {
            await MisbehaveAsync(context, path);
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var update = int.Parse(await reader.ReadToEndAsync(context.RequestAborted), CultureInfo.InvariantCulture);
        ledger.Receive(int.Parse(path.AsSpan(1), CultureInfo.InvariantCulture), update);
    }

    private static async Task MisbehaveAsync(HttpContext context, string path)
    {
        if (path.StartsWith("/slow/", StringComparison.Ordinal))
            await Task.Delay(Slow, TimeProvider.System, context.RequestAborted);
        else if (path.StartsWith("/failing/", StringComparison.Ordinal) && TimeProvider.System.GetUtcNow().Second < HalfAMinute)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}
