using System.Diagnostics.Metrics;

namespace WebSub.Hub.Diagnostics;

/// <summary>
/// The instruments of the meter <see cref="WebSubHubTelemetry.MeterName"/> that count what happens; docs/operations/telemetry.md describes
/// them. Their labels have few values: never a topic, never a callback.
/// </summary>
internal sealed class HubMetrics
{
    /// <summary>A client of an event stream did not read what it asked for.</summary>
    public const string Slow = "slow";

    /// <summary>The database did not answer when an event stream was to go on.</summary>
    public const string DatabaseAway = "database";

    private readonly Counter<long> _published;
    private readonly Counter<long> _fetches;
    private readonly Counter<long> _verifications;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _claims;
    private readonly Counter<long> _lostClaims;
    private readonly Counter<long> _droppedStreams;

    public HubMetrics(IMeterFactory factory)
    {
        Meter = factory.Create(WebSubHubTelemetry.MeterName);
        _published = Meter.CreateCounter<long>("websub.hub.published", "{entry}", "Entries appended to topics' logs, by source.");
        _fetches = Meter.CreateCounter<long>("websub.hub.fetches", "{fetch}", "Fetches of pinged topics, by outcome.");
        _verifications = Meter.CreateCounter<long>(
            "websub.hub.verifications",
            "{request}",
            "Answers of callbacks to verifications of intent, by outcome."
        );
        _givenUp = Meter.CreateCounter<long>("websub.hub.dead_letters", "{entry}", "Updates given up for one subscription.");
        _claims = Meter.CreateCounter<long>("websub.hub.claims", "{lane}", "Lanes that this process has taken to deliver.");
        _lostClaims = Meter.CreateCounter<long>("websub.hub.claims.lost", "{lane}", "Lanes that another process took over meanwhile.");
        _droppedStreams = Meter.CreateCounter<long>(
            "websub.hub.event_streams.dropped",
            "{client}",
            "Event streams that the hub ended before their clients did, by reason."
        );
        Database = Meter.CreateHistogram<double>(
            "websub.hub.database.duration",
            "s",
            "How long reads and writes take, waiting for a connection included, by operation.",
            advice: new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30] }
        );
    }

    /// <summary>For the instruments of other parts.</summary>
    public Meter Meter { get; }

    /// <summary>How long reads and writes take.</summary>
    public Histogram<double> Database { get; }

    public void Published(string source) => _published.Add(1, Label("websub.source", source));

    public void Fetched(string outcome) => _fetches.Add(1, Label("websub.outcome", outcome));

    public void Verified(string outcome) => _verifications.Add(1, Label("websub.outcome", outcome));

    public void GivenUp() => _givenUp.Add(1);

    public void Claimed(int lanes) => _claims.Add(lanes);

    public void LostClaim() => _lostClaims.Add(1);

    public void StreamDropped(string reason) => _droppedStreams.Add(1, Label("websub.reason", reason));

    /// <summary>
    /// Lets all counters begin at 0, once whoever collects them listens: what is not there yet cannot be told from what is missing.
    /// </summary>
    public void Begin()
    {
        foreach (var counter in (Counter<long>[])[_givenUp, _claims, _lostClaims])
            counter.Add(0);
        Begin(_published, "websub.source", "ping", "push", "message");
        Begin(_fetches, "websub.outcome", "changed", "unchanged", "failed");
        Begin(_verifications, "websub.outcome", "confirmed", "rejected", "failed");
        Begin(_droppedStreams, "websub.reason", Slow, DatabaseAway);
    }

    private static void Begin(Counter<long> counter, string label, params ReadOnlySpan<string> values)
    {
        foreach (var value in values)
            counter.Add(0, Label(label, value));
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
