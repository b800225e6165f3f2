using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using WebSub.Hub;

namespace WebSub.Server;

/// <summary>
/// Metrics for Prometheus at <c>/metrics</c>; with the standard variables, such as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, metrics and traces
/// for a collector, too.
/// </summary>
internal static class Telemetry
{
    public const string Path = "/metrics";

    private static readonly string[] OtlpSettings =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    ];

    public static void Add(WebApplicationBuilder builder)
    {
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(r => r.AddService("websub-hub"))
            .WithMetrics(m =>
                m.AddMeter(WebSubHubTelemetry.MeterName).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation().AddPrometheusExporter()
            );
        if (!Array.Exists(OtlpSettings, name => !string.IsNullOrEmpty(builder.Configuration[name])))
            return;
        // Activities cost something as soon as somebody listens.
        telemetry.WithTracing(t => t.AddSource(WebSubHubTelemetry.ActivitySourceName).AddAspNetCoreInstrumentation()).UseOtlpExporter();
    }

    /// <summary>Maps the page for Prometheus.</summary>
    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint(Path);
}
