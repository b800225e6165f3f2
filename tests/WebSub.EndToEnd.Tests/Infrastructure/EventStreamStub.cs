using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A hub with nothing but an event stream: each request gets the next script, then the connection ends or stays.</summary>
internal sealed class EventStreamStub : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Query, string Authorization)> _requests = new();
    private readonly ConcurrentQueue<string> _scripts;
    private readonly int _status;
    private LoopbackServer? _server;

    private EventStreamStub(int status, IEnumerable<string> scripts) => (_status, _scripts) = (status, new(scripts));

    /// <summary>The hub's URL; the stream is at <c>/events</c> below it.</summary>
    public string Url => _server!.Url + "/hub";

    /// <summary>The query and the key of each request.</summary>
    public IReadOnlyList<(string Query, string Authorization)> Requests => [.. _requests];

    /// <summary>An event with an entry of the log.</summary>
    public static string Entry(long sequence, string body, string type = "text/plain") =>
        $"id: {sequence}\ndata: {{\"topic\":\"t\",\"sequence\":{sequence},\"deliveryId\":\"d/{sequence}\",\"contentType\":\"{type}\","
        + $"\"body\":\"{body}\"}}\n\n";

    /// <summary>Starts it; the last script's connection stays open.</summary>
    public static async Task<EventStreamStub> StartAsync(params string[] scripts) => await StartAsync(StatusCodes.Status200OK, scripts);

    /// <summary>Starts it with another status, and a script as the text of the answer.</summary>
    public static async Task<EventStreamStub> StartAsync(int status, params string[] scripts)
    {
        var stub = new EventStreamStub(status, scripts);
        stub._server = await LoopbackServer.StartAsync(stub.AnswerAsync);
        return stub;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != "/hub/events" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        _requests.Enqueue((context.Request.QueryString.Value!, context.Request.Headers.Authorization.ToString()));
        var isLast = !_scripts.TryDequeue(out var script) || _scripts.IsEmpty;
        context.Response.StatusCode = _status;
        context.Response.ContentType = _status == StatusCodes.Status200OK ? "text/event-stream" : "text/plain";
        await context.Response.WriteAsync(script ?? "");
        await context.Response.Body.FlushAsync();
        if (isLast && _status == StatusCodes.Status200OK)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
