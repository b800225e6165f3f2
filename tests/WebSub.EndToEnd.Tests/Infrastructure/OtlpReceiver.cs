using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A collector of OpenTelemetry: keeps what is exported to it by HTTP with Protocol Buffers. The field numbers are those of
/// opentelemetry-proto.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentDictionary<string, string> _metrics = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _services = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private LoopbackServer? _server;

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Url => _server!.Url;

    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    /// <summary>The meter of each metric.</summary>
    public IReadOnlyDictionary<string, string> Metrics => _metrics;

    /// <summary>The names of those who exported.</summary>
    public IEnumerable<string> Services => _services.Distinct(StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        receiver._server = await LoopbackServer.StartAsync(receiver.AnswerAsync);
        return receiver;
    }

    /// <summary>Waits until this holds; it is looked at after each export.</summary>
    public async Task UntilAsync(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(Deadline.Default);
        while (!holds())
            await _arrived.WaitAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.ContentType != "application/x-protobuf")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var message = new ProtoMessage(await ByteString.FromStreamAsync(context.Request.Body, context.RequestAborted));
        // resource_spans and resource_metrics alike: resource, attributes, key and value, string.
        foreach (var attribute in message.At(1, 1, 1).Where(a => a.Text(1) == "service.name"))
            _services.Enqueue(attribute.At(2).Single().Text(1));
        foreach (var scope in message.At(1, 2))
        {
            var name = scope.At(1).Single().Text(1);
            foreach (var item in scope.At(2))
            {
                if (context.Request.Path == "/v1/traces")
                    _spans.Enqueue(new(name, item.Text(5), item.Hex(1), item.Hex(2), item.Hex(4)));
                else
                    _metrics[item.Text(1)] = name;
            }
        }

        _arrived.Release();
    }
}
