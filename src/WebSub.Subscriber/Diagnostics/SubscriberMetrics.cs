using System.Diagnostics.Metrics;
using WebSub.Http;

namespace WebSub.Subscriber.Diagnostics;

/// <summary>The instruments of the meter <see cref="WebSubSubscriberDiagnostics.MeterName"/>.</summary>
internal sealed class SubscriberMetrics
{
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _handlers;
    private readonly Counter<long> _polls;
    private readonly Counter<long> _missed;
    private IReadOnlyList<WebSubHubHealth> _hubs = [];

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
        _polls = meter.CreateCounter<long>("websub.subscriber.polls", "{poll}", "Topics asked whether they have changed, by result.");
        _missed = meter.CreateCounter<long>(
            "websub.subscriber.updates.missed",
            "{update}",
            "Updates that hubs did not deliver, by where they were found."
        );
        meter.CreateObservableGauge(
            "websub.subscriber.hubs.silent",
            () => Volatile.Read(ref _hubs).Sum(h => h.Silent),
            "{subscription}",
            "Subscriptions whose hub counts as silent."
        );
        meter.CreateObservableGauge("websub.subscriber.hubs", CountHubs, "{hub}", "Hubs with active subscriptions, by state.");
    }

    /// <summary>The hubs as they were last looked at.</summary>
    public IReadOnlyList<WebSubHubHealth> Hubs
    {
        set => Volatile.Write(ref _hubs, value);
    }

    public void Polled(string result) => _polls.Add(1, Tag("websub.result", result));

    public void UpdatesMissed(long count, string source) => _missed.Add(count, Tag("websub.source", source));

    public void DeliveryReceived(string handler, string result) =>
        _deliveries.Add(1, Tag("websub.handler", handler), Tag("websub.result", result));

    public void RequestSent(string mode, HubOutcome outcome) =>
        _requests.Add(1, Tag("websub.mode", mode), Tag("websub.outcome", outcome.ToString()));

    public void HandlerRan(string handler, TimeSpan duration, string result)
    {
        if (_handlers.Enabled)
            _handlers.Record(duration.TotalSeconds, Tag("websub.handler", handler), Tag("websub.result", result));
    }

    private IEnumerable<Measurement<long>> CountHubs()
    {
        var hubs = Volatile.Read(ref _hubs);
        return Enum.GetValues<WebSubHubState>()
            .Select(s => new Measurement<long>(hubs.LongCount(h => h.State == s), Tag("websub.state", Word(s))));
    }

    private static string Word(WebSubHubState state) =>
        state switch
        {
            WebSubHubState.Delivering => "delivering",
            WebSubHubState.PartlySilent => "partly_silent",
            _ => "silent",
        };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
