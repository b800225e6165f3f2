using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A hub's administration API that answers what the test says, by method and path with query.</summary>
internal sealed class HubApiStub : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Line, string Body, string Authorization)> _requests = new();
    private readonly Dictionary<string, (int Status, string Type, string Body)> _answers = [];
    private LoopbackServer? _server;

    private HubApiStub() { }

    /// <summary>The hub's endpoint.</summary>
    public string Hub => _server!.Url + "/here/hub";

    /// <summary>Where its API is.</summary>
    public string Url => _server!.Url + "/here/api/v1";

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<(string Line, string Body, string Authorization)> Requests => [.. _requests];

    public static async Task<HubApiStub> StartAsync()
    {
        var stub = new HubApiStub();
        stub._server = await LoopbackServer.StartAsync(stub.AnswerAsync);
        return stub;
    }

    /// <summary>What is answered to <c>GET /topics?limit=101</c>, for example.</summary>
    public HubApiStub On(string line, string json, int status = 200, string type = "application/json")
    {
        _answers[line] = (status, type, json);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        var path = context.Request.Path.Value!.Replace("/here/api/v1", "", StringComparison.Ordinal);
        var line = $"{context.Request.Method} {path}{context.Request.QueryString.Value}";
        _requests.Enqueue((line, await body.ReadToEndAsync(), context.Request.Headers.Authorization.ToString()));
        var (status, type, text) = _answers.GetValueOrDefault(line, (404, "text/plain", ""));
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text);
    }
}
