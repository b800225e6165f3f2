using System.Diagnostics.Metrics;
using WebSub.Http;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>The instruments of the meter <see cref="WebSubSubscriberDiagnostics.MeterName"/>.</summary>
internal sealed class SubscriberMetrics
{
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _handlers;

    public SubscriberMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(WebSubSubscriberDiagnostics.MeterName);
        _deliveries = meter.CreateCounter<long>(
            "websub.subscriber.deliveries",
            "{delivery}",
            "Deliveries received, by handler and result."
        );
        _requests = meter.CreateCounter<long>("websub.subscriber.requests", "{request}", "Requests sent to hubs, by mode and outcome.");
        _handlers = meter.CreateHistogram<double>(
            "websub.subscriber.handler.duration",
            "s",
            "How long handlers take, by handler and result."
        );
    }

    public void DeliveryReceived(string handler, string result) =>
        _deliveries.Add(1, Tag("websub.handler", handler), Tag("websub.result", result));

    public void RequestSent(string mode, HubOutcome outcome) =>
        _requests.Add(1, Tag("websub.mode", mode), Tag("websub.outcome", outcome.ToString()));

    public void HandlerRan(string handler, TimeSpan duration, string result)
    {
        if (_handlers.Enabled)
            _handlers.Record(duration.TotalSeconds, Tag("websub.handler", handler), Tag("websub.result", result));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
