using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Subscriber;

namespace WebSub.Fuzz;

/// <summary>
/// A hub with its predicates, and a subscriber, in one app on a loopback port. Both reach nobody: their proxy is a port where nobody
/// listens.
/// </summary>
internal sealed class FuzzedApp : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private FuzzedApp(WebApplication app, DirectoryInfo folder, FaultLog faults) => (_app, _folder, Faults) = (app, folder, faults);

    /// <summary>The errors that were logged.</summary>
    public FaultLog Faults { get; }

    public static async Task<FuzzedApp> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("websub-fuzz-");
        var faults = new FaultLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(faults);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        builder.Configuration["WebSub:Outbound:Proxy"] = "http://127.0.0.1:1/";
        builder.Services.AddWebSubHub(o => o.ConnectionString = $"Data Source={Path.Combine(folder.FullName, "hub.db")}");
        builder
            .Services.AddWebSubSubscriber(o =>
            {
                o.PublicUrl = new("https://app.example/");
                o.ConnectionString = $"Data Source={Path.Combine(folder.FullName, "subscriber.db")}";
            })
            .AddHandler("news", (_, _) => Task.CompletedTask)
            .AddHandler("inline", (notification, _) => ValueTask.FromResult(Read(notification)))
            .AddCallback("news", "https://site.example/feed", secret: "secret")
            .AddCallback("inline", "https://site.example/other");
        var app = builder.Build();
        app.MapWebSubHub();
        app.MapWebSubPredicates();
        app.MapWebSubAdministration();
        app.MapWebSubCallbacks();
        await app.StartAsync();
        return new(app, folder, faults);
    }

    /// <summary>
    /// Sends these bytes; the answer's status, or null if there is none. A request that is not whole is waited for: once the patience is
    /// over, the connection is closed from here, and then it must end.
    /// </summary>
    public async Task<int?> SendAsync(byte[] request, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(_app.Urls.First()).Port, deadline.Token);
        await using var stream = client.GetStream();
        var answer = new byte[64];
        var length = 0;
        try
        {
            await stream.WriteAsync(request, deadline.Token);
            var reading = stream.ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false, deadline.Token).AsTask();
            await Task.WhenAny(reading, Task.Delay(patience ?? Deadline, TimeProvider.System, deadline.Token));
            client.Client.Shutdown(SocketShutdown.Send);
            length = await reading;
            while (await stream.ReadAsync(new byte[4096], deadline.Token) > 0)
            {
                // What follows the status is not looked at, but must end.
            }
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            // Closed before all was sent, or read.
        }

        var status = Encoding.ASCII.GetString(answer, 0, length).Split(' ');
        return status.Length > 1 && int.TryParse(status[1], out var code) ? code : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    // What a handler may do with what strangers send: whatever is documented to be thrown is its own to catch.
    private static WebSubReply Read(WebSubNotification notification)
    {
        try
        {
            _ = notification.Links;
            _ = notification.Text;
            _ = notification.ReadJson();
        }
        catch (Exception e) when (e is InvalidDataException or System.Text.Json.JsonException)
        {
            return WebSubReply.Reject(422);
        }

        return WebSubReply.Accept;
    }
}
