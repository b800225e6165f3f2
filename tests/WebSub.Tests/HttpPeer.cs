using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using WebSub.Http;

namespace WebSub;

/// <summary>
/// The other side of the wire: a Kestrel server on 127.0.0.1 that does what a delegate says and remembers what it was asked.
/// </summary>
internal sealed class HttpPeer : IAsyncDisposable
{
    private readonly ConcurrentQueue<PeerRequest> _requests = new();
    private WebApplication? _app;

    private HttpPeer() { }

    /// <summary>A client that may reach the peer.</summary>
    public static HttpClient Client { get; } = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    /// <summary><c>http://127.0.0.1:port</c>, without a slash.</summary>
    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    /// <summary>What came in, in order.</summary>
    public IReadOnlyList<PeerRequest> Requests => [.. _requests];

    /// <summary>Starts a peer, on a free port unless one is given; an exception in the delegate becomes a 500.</summary>
    public static async Task<HttpPeer> StartAsync(RequestDelegate answer, int port = 0)
    {
        var peer = new HttpPeer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.Listen(IPAddress.Loopback, port);
            k.AddServerHeader = false;
            k.AllowSynchronousIO = false;
            k.ResponseHeaderEncodingSelector = _ => Encoding.UTF8;
        });
        peer._app = builder.Build();
        peer._app.Run(async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            var request = new PeerRequest(
                context.Request.Method,
                target,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()
            );
            peer._requests.Enqueue(request);
            context.Items[typeof(PeerRequest)] = request;
            await answer(context);
        });
        await peer._app.StartAsync();
        peer.Url = peer._app.Urls.Single();
        return peer;
    }

    /// <summary>A peer that answers every GET with this body and these headers, and HEAD with the headers.</summary>
    public static Task<HttpPeer> ServeAsync(string? contentType, byte[] body, params (string Name, string Value)[] headers) =>
        StartAsync(async context =>
        {
            foreach (var (name, value) in headers)
                context.Response.Headers.Append(name, value.Replace("{self}", $"http://{context.Request.Host}", StringComparison.Ordinal));
            context.Response.Headers.ContentType = contentType;
            if (context.Request.Method != "HEAD")
                await context.Response.Body.WriteAsync(body);
        });

    public static Task<HttpPeer> ServeAsync(string? contentType, string body, params (string Name, string Value)[] headers) =>
        ServeAsync(contentType, Encoding.UTF8.GetBytes(body), headers);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.Zero);
        if (_app is null)
            return;
        try
        {
            await _app.StopAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
            // Requests that hang on purpose are cut off.
        }

        await _app.DisposeAsync();
    }
}
