using System.Diagnostics.Metrics;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Predicates;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Health;

/// <summary>
/// The gauges: what the tables say, as of the last look, and what this process holds in memory. What the tables say is the same on every
/// node; take the maximum, not the sum.
/// </summary>
internal sealed class StateGauges
{
    private readonly ObservableGauge<long> _topics;

    public StateGauges(HubMetrics metrics, TopicLog log, MessageLog messages, SendGate gate, EntryContents contents)
    {
        var meter = metrics.Meter;
        _topics = meter.CreateObservableGauge("websub.hub.topics", () => State.Topics, "{topic}", "Topics known.");
        meter.CreateObservableGauge("websub.hub.subscriptions", () => State.Subscriptions, "{subscription}", "Subscriptions.");
        meter.CreateObservableGauge(
            "websub.hub.subscriptions.behind",
            () => State.Behind,
            "{subscription}",
            "Subscriptions that failed or were slow and catch up by themselves."
        );
        meter.CreateObservableGauge(
            "websub.hub.lag",
            () => State.LagSum,
            "{entry}",
            "Entries that lanes with work and subscriptions behind have yet to get."
        );
        meter.CreateObservableGauge(
            "websub.hub.lag.max",
            () => State.LagMax,
            "{entry}",
            "Entries that the furthest behind has yet to get."
        );
        meter.CreateObservableGauge(
            "websub.hub.requests.waiting",
            () => State.RequestsWaiting,
            "{request}",
            "Subscribe and unsubscribe requests that are not decided yet."
        );
        meter.CreateObservableGauge("websub.hub.dead_letters.kept", () => State.DeadLetters, "{entry}", "Updates given up and still kept.");
        meter.CreateObservableGauge("websub.hub.lanes.waiting", () => State.LanesWithWork, "{lane}", "Lanes with something to deliver.");
        meter.CreateObservableGauge(
            "websub.hub.work.oldest_due",
            () => State.OldestDue.TotalSeconds,
            "s",
            "How far past its time the oldest work is that nobody does."
        );
        meter.CreateObservableGauge(
            "websub.hub.publishes.waiting",
            () => (long)log.Waiting + messages.Waiting,
            "{publish}",
            "Publishes that wait for their commit."
        );
        meter.CreateObservableGauge(
            "websub.hub.attempts.waiting",
            () => (long)gate.Waiting,
            "{attempt}",
            "Attempts that wait for a place."
        );
        meter.CreateObservableGauge("websub.hub.attempts.in_flight", () => (long)gate.InFlight, "{attempt}", "Attempts in flight.");
        meter.CreateObservableGauge(
            "websub.hub.delivery.in_flight",
            () => gate.ContentBytes,
            "By",
            "Bytes of large contents held for attempts in flight, each counted twice."
        );
        meter.CreateObservableGauge("websub.hub.contents.open", () => contents.OpenBytes, "By", "Bytes of large contents in memory.");
    }

    /// <summary>True if somebody collects the gauges.</summary>
    public bool AreCollected => _topics.Enabled;

    /// <summary>What the tables said last.</summary>
    public HubState State { get; set; } = HubState.Unknown;
}
