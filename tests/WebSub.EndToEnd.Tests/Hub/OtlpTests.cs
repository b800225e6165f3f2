using System.Diagnostics;
using System.Net;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>A server that exports to a collector, by the standard variables.</summary>
public sealed class OtlpTests
{
    private const string Topic = "http://topics.example/exported";

    [Fact]
    public async Task Export_OfAPublishAndItsDelivery_IsOneTraceFromThePublisherOn_AndTheHubsMetrics()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200")
        );
        var callback = await hub.SubscribeAsync(sink, Topic);
        var (trace, publisher) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());

        await PushAsync(hub, $"00-{trace}-{publisher}-01");
        var delivery = (await callback.WaitForDeliveriesAsync(1))[0];
        // Counters are there from the start; what is measured for each delivery comes with the first one.
        await collector.UntilAsync(() =>
            SpansOf(collector, trace).Any(s => s.Name == "websub.deliver")
            && collector.Metrics.ContainsKey("websub.hub.delivery.duration")
            && collector.Metrics.ContainsKey("websub.hub.delivery.latency")
        );
        await collector.UntilAsync(() => SpansOf(collector, trace).Any(s => s.ParentId == publisher));

        var spans = SpansOf(collector, trace);
        var request = Assert.Single(spans, s => s.ParentId == publisher);
        var publish = Assert.Single(spans, s => s.Name == "websub.publish");
        var deliver = Assert.Single(spans, s => s.Name == "websub.deliver");
        Assert.Equal((request.Id, "WebSub.Hub"), (publish.ParentId, publish.Scope));
        Assert.Equal((publish.Id, "WebSub.Hub"), (deliver.ParentId, deliver.Scope));
        // The callback continues the trace, below a step of the HTTP client that is not exported.
        Assert.StartsWith($"00-{trace}-", delivery.Header("traceparent"), StringComparison.Ordinal);
        Assert.Equal(["websub-hub"], collector.Services);
        Assert.All(
            ["websub.hub.published", "websub.hub.deliveries", "websub.hub.delivery.duration", "websub.hub.delivery.latency"],
            name => Assert.Equal("WebSub.Hub", collector.Metrics[name])
        );
        Assert.DoesNotContain(hub.Process.Lines, l => l.Text.Contains("OpenTelemetry", StringComparison.Ordinal));
    }

    private static List<OtlpSpan> SpansOf(OtlpReceiver collector, string trace) => [.. collector.Spans.Where(s => s.TraceId == trace)];

    private static async Task PushAsync(HubProcess hub, string traceparent)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(Topic)}");
        request.Content = new StringContent("update");
        request.Headers.Add("traceparent", traceparent);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
