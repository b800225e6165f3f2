using System.Diagnostics.Metrics;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>Counts attempts. Their labels are made once, so that counting allocates nothing.</summary>
internal sealed class DeliveryMetrics
{
    private const int Classes = 6;
    private static readonly KeyValuePair<string, object?>[][] Labels =
    [
        .. from result in Enum.GetValues<DeliveryResult>()
        from statusClass in Enumerable.Range(0, Classes)
        select LabelsOf(result, statusClass),
    ];

    private static readonly (DeliveryResult Result, int StatusClass)[] Expected =
    [
        (DeliveryResult.Delivered, 2),
        (DeliveryResult.Gone, 4),
        (DeliveryResult.Throttled, 4),
        (DeliveryResult.Throttled, 5),
        (DeliveryResult.Refused, 3),
        (DeliveryResult.Refused, 4),
        (DeliveryResult.Refused, 5),
        (DeliveryResult.ConnectFailed, 0),
        (DeliveryResult.TimedOut, 0),
        (DeliveryResult.Broken, 0),
        (DeliveryResult.AddressRefused, 0),
    ];

    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _latencies;
    private readonly HubClock _time;

    public DeliveryMetrics(HubMetrics metrics, HubClock time)
    {
        _time = time;
        var meter = metrics.Meter;
        double[] buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
        _deliveries = meter.CreateCounter<long>(
            "websub.hub.deliveries",
            "{attempt}",
            "Attempts to deliver, by outcome and class of the status."
        );
        _durations = meter.CreateHistogram<double>(
            "websub.hub.delivery.duration",
            "s",
            "How long an attempt takes from the request to the answer, by outcome and class of the status.",
            advice: new() { HistogramBucketBoundaries = buckets }
        );
        _latencies = meter.CreateHistogram<double>(
            "websub.hub.delivery.latency",
            "s",
            "How long ago what was delivered had been published, retries and catching up included.",
            advice: new() { HistogramBucketBoundaries = [.. buckets, 60, 300, 1800, 3600, 21600, 86400] }
        );
    }

    /// <summary>Lets attempts be counted from 0, with the outcomes and status classes that are to be expected.</summary>
    public void Begin()
    {
        foreach (var (result, statusClass) in Expected)
            _deliveries.Add(0, Labels[((int)result * Classes) + statusClass]);
    }

    public void Ended(Attempt attempt, DeliveryOutcome outcome, TimeSpan took)
    {
        var labels = Labels[((int)outcome.Result * Classes) + ClassOf(outcome)];
        _deliveries.Add(1, labels);
        if (_durations.Enabled)
            _durations.Record(took.TotalSeconds, labels);
        if (_latencies.Enabled && outcome.Result == DeliveryResult.Delivered && attempt.Entry.PublishedAt != DatabaseTime.Epoch)
            _latencies.Record((DatabaseTime.Now(_time) - attempt.Entry.PublishedAt).TotalSeconds);
    }

    private static int ClassOf(DeliveryOutcome outcome)
    {
        var status = outcome.Result == DeliveryResult.Delivered ? 200 : outcome.Status ?? 0;
        return status is >= 100 and < 600 ? status / 100 : 0;
    }

    private static KeyValuePair<string, object?>[] LabelsOf(DeliveryResult result, int statusClass) =>
        [new("websub.outcome", NameOf(result)), new("websub.status_class", statusClass == 0 ? "none" : $"{statusClass}xx")];

    private static string NameOf(DeliveryResult result) =>
        result switch
        {
            DeliveryResult.Delivered => "delivered",
            DeliveryResult.Gone => "gone",
            DeliveryResult.Throttled => "throttled",
            DeliveryResult.Refused => "refused",
            DeliveryResult.ConnectFailed => "connect_failed",
            DeliveryResult.Broken => "broken",
            DeliveryResult.TimedOut => "timed_out",
            _ => "address_refused",
        };
}
