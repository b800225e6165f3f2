using System.Diagnostics;

namespace WebSub.Publisher;

/// <summary>The names to register with OpenTelemetry.</summary>
public static class WebSubPublisherTelemetry
{
    /// <summary>The meter: <c>websub.publisher.notifications</c>.</summary>
    public const string MeterName = "WebSub.Publisher";

    /// <summary>
    /// The activity source: one <c>websub.notify</c> per message to a hub, a child of the activity that published; the hub gets its
    /// <c>traceparent</c>.
    /// </summary>
    public const string ActivitySourceName = "WebSub.Publisher";

    internal static ActivitySource Source { get; } = new(ActivitySourceName);
}
