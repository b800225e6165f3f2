using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Http;

namespace WebSub.Conformance.Peers;

/// <summary>The web server that topics and callbacks of all checks share; each has the paths below a name of its own.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private const int LargestBody = 16 * 1024 * 1024;
    private readonly ConcurrentDictionary<string, Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>>> _peers = new(
        StringComparer.Ordinal
    );
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    private PeerServer(WebApplication app, TimeProvider time, string? publicUrl)
    {
        (_app, _time) = (app, time);
        app.Run(AnswerAsync);
        PublicUrl = publicUrl ?? "";
    }

    /// <summary>Where the hub reaches it, without a slash at the end.</summary>
    public string PublicUrl { get; set; }

    /// <summary>Raised when a client speaks TLS to this port, which answers nothing then: it has no certificate.</summary>
    public event EventHandler? SecureTried;

    /// <summary>The port that it listens on.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>Begins to listen: on loopback, or everywhere if the hub is to reach it under another address.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<PeerServer> StartAsync(int port, string? publicUrl, TimeProvider time, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        var secure = new SecureWatch();
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o =>
            {
                o.AddServerHeader = false;
                o.Limits.MaxRequestBodySize = LargestBody;
                o.Limits.MinRequestBodyDataRate = null;
                o.Listen(publicUrl is null ? IPAddress.Loopback : IPAddress.Any, port, listen => listen.Use(secure.Before));
            });
        var server = new PeerServer(builder.Build(), time, publicUrl?.TrimEnd('/'));
        secure.OnHandshake = () => server.SecureTried?.Invoke(server, EventArgs.Empty);
        await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
        if (publicUrl is null)
            server.PublicUrl = server._app.Urls.Single();
        return server;
    }

    /// <summary>Gives a peer its place; returns the path below which everything is its own.</summary>
    public string Add(string kind, Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> answer)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"/{kind}{_counts.AddOrUpdate(kind, 1, (_, count) => count + 1)}");
        AddAt(name, answer);
        return name;
    }

    /// <summary>Gives a peer this place, such as <c>/hub</c>.</summary>
    public void AddAt(string place, Func<ReceivedRequest, CancellationToken, Task<PeerAnswer>> answer) => _peers[place] = answer;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = target.IndexOfAny(['/', '?'], 1);
        if (!_peers.TryGetValue(end < 0 ? target : target[..end], out var peer))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var body = await BoundedBody.ReadAsync(context.Request.Body, LargestBody, context.RequestAborted).ConfigureAwait(false) ?? [];
        var headers = context.Request.Headers.SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v ?? "")));
        var answer = await peer(
                new ReceivedRequest(_time.GetUtcNow(), context.Request.Method, target, [.. headers], body),
                context.RequestAborted
            )
            .ConfigureAwait(false);
        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers.Append(name, value);
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
