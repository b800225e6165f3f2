using System.Diagnostics.Metrics;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;

namespace WebSub.Hub.Administration;

/// <summary>
/// What this process has sent in the last hour, minute by minute. It listens to the hub's own instruments, so that delivering knows nothing
/// of it; a measurement costs two interlocked additions.
/// </summary>
internal sealed class DeliveryPulse : IDisposable
{
    private const int Minutes = 60;
    private readonly Minute[] _ring = [.. Enumerable.Range(0, Minutes + 1).Select(_ => new Minute())];
    private readonly MeterListener _listener = new();
    private readonly Lock _turning = new();
    private readonly HubClock _time;

    public DeliveryPulse(HubMetrics metrics, HubClock time)
    {
        _time = time;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (
                ReferenceEquals(instrument.Meter, metrics.Meter)
                && instrument.Name is "websub.hub.deliveries" or "websub.hub.delivery.latency"
            )
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, labels, _) => Counted(count, labels));
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Current().Latencies.Add(seconds));
        _listener.Start();
    }

    /// <summary>The last hour, the newest minute last.</summary>
    public IReadOnlyList<HubMinute> LastHour()
    {
        var now = NumberOf(_time.GetUtcNow());
        return [.. Enumerable.Range(0, Minutes).Select(i => Describe(now - Minutes + 1 + i))];
    }

    public void Dispose() => _listener.Dispose();

    private void Counted(long count, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var isDelivered = false;
        foreach (var (name, value) in labels)
            isDelivered |= name == "websub.outcome" && value is "delivered";
        var minute = Current();
        Interlocked.Add(ref isDelivered ? ref minute.Delivered : ref minute.Failed, count);
    }

    private Minute Current()
    {
        var number = NumberOf(_time.GetUtcNow());
        var minute = Place(number);
        if (Volatile.Read(ref minute.Number) != number)
            Turn(minute, number);
        return minute;
    }

    private void Turn(Minute minute, long number)
    {
        lock (_turning)
        {
            if (minute.Number >= number)
                return;
            (minute.Delivered, minute.Failed) = (0, 0);
            minute.Latencies.Clear();
            Volatile.Write(ref minute.Number, number);
        }
    }

    private HubMinute Describe(long number)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(number * 60);
        var minute = Place(number);
        return Volatile.Read(ref minute.Number) == number
            ? new(from, minute.Delivered, minute.Failed, minute.Latencies.Quantile(0.5), minute.Latencies.Quantile(0.99))
            : new(from, 0, 0, null, null);
    }

    private Minute Place(long number) => _ring[(int)(number % _ring.Length)];

    private static long NumberOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;

    private sealed class Minute
    {
        public long Number;
        public long Delivered;
        public long Failed;

        public LatencyBuckets Latencies { get; } = new();
    }
}
