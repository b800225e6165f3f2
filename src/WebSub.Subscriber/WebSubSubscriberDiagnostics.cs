using System.Diagnostics;

namespace WebSub.Subscriber;

/// <summary>The names to register with OpenTelemetry.</summary>
public static class WebSubSubscriberDiagnostics
{
    /// <summary>
    /// The meter: <c>websub.subscriber.deliveries</c>, <c>websub.subscriber.requests</c>, <c>websub.subscriber.handler.duration</c>.
    /// </summary>
    public const string MeterName = "WebSub.Subscriber";

    /// <summary>The activity source: one <c>websub.handle</c> per handler call, a child of the delivery's <c>traceparent</c>.</summary>
    public const string ActivitySourceName = "WebSub.Subscriber";

    internal static ActivitySource Source { get; } = new(ActivitySourceName);
}
