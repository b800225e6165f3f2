using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WebSub.Http;
using WebSub.Testing;

namespace WebSub.Subscriber.Tests.Health;

/// <summary>A hub that takes requests like another one, and has a history besides, as our hub has.</summary>
internal sealed class HubWithHistory : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

    private HubWithHistory(FakeHub hub)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/hub", context => ForwardAsync(context, hub));
        _app.MapGet("/hub/events", AnswerAsync);
    }

    public string Url => _app.Urls.First() + "/hub";

    /// <summary>The answer to those who read the history.</summary>
    public (int Status, string Body) Answer { get; set; } = (404, "");

    /// <summary>The queries of those who read it.</summary>
    public ConcurrentQueue<string> Read { get; } = new();

    public static async Task<HubWithHistory> StartAsync(FakeHub hub)
    {
        var history = new HubWithHistory(hub);
        await history._app.StartAsync();
        return history;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Read.Enqueue(context.Request.QueryString.Value!);
        context.Response.StatusCode = Answer.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Answer.Body);
    }

    private async Task ForwardAsync(HttpContext context, FakeHub hub)
    {
        using var body = new StreamContent(context.Request.Body);
        body.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        using var answer = await _http.PostAsync(new Uri(hub.Url), body, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
    }
}
