using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using WebSub.Protocol;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A hub that records requests and answers as the test says.</summary>
internal sealed class HubStub : IAsyncDisposable
{
    private readonly ConcurrentQueue<HubStubRequest> _requests = new();
    private LoopbackServer? _server;

    private HubStub() { }

    public string Url => _server!.Url + "/hub";

    public int Status { get; init; } = StatusCodes.Status202Accepted;

    public string Text { get; init; } = "";

    public IReadOnlyList<HubStubRequest> Requests => [.. _requests];

    public static async Task<HubStub> StartAsync(int status = StatusCodes.Status202Accepted, string text = "", int? port = null)
    {
        var hub = new HubStub { Status = status, Text = text };
        hub._server = await LoopbackServer.StartAsync(hub.AnswerAsync, port);
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue(
            new(
                context.Request.Path + context.Request.QueryString.Value,
                context.Request.ContentType,
                context.Request.Headers.Authorization.ToString(),
                body.ToArray(),
                HubFields.TryParse(body.ToArray(), out var fields, out _) ? fields : new()
            )
        );
        context.Response.StatusCode = Status;
        await context.Response.WriteAsync(Text);
    }
}
