using System.Diagnostics;

namespace WebSub.Publisher;

/// <summary>The names that OpenTelemetry is told to listen to.</summary>
public static class WebSubPublisherTelemetry
{
    /// <summary>The meter: <c>websub.publisher.notifications</c>.</summary>
    public const string MeterName = "WebSub.Publisher";

    /// <summary>
    /// The activity source: one <c>websub.notify</c> for each message to a hub, a child of what published; the hub gets its
    /// <c>traceparent</c>.
    /// </summary>
    public const string ActivitySourceName = "WebSub.Publisher";

    internal static ActivitySource Source { get; } = new(ActivitySourceName);
}
