using System.Diagnostics.Metrics;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>
/// What this node has sent in the last hour, minute by minute. It listens to the hub's own instruments, so that delivering knows nothing
/// of it; a measurement costs two interlocked additions.
/// </summary>
internal sealed class DeliveryPulse : IDisposable
{
    private readonly Minute[] _ring = [.. Enumerable.Range(0, HourOfMinutes.Minutes + 1).Select(_ => new Minute())];
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

    /// <summary>The minutes since a moment within the last hour in which anything was sent, the one under way included.</summary>
    public IReadOnlyList<MinuteRow> Since(DatabaseTime since) =>
        [.. _ring.Select(Describe).Where(m => m.BeganAt >= since && m.Delivered + m.Failed > 0).OrderBy(m => m.BeganAt)];

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

    private static MinuteRow Describe(Minute minute) =>
        new()
        {
            BeganAt = DatabaseTime.Epoch + TimeSpan.FromMinutes(Volatile.Read(ref minute.Number)),
            Delivered = Volatile.Read(ref minute.Delivered),
            Failed = Volatile.Read(ref minute.Failed),
            Latencies = minute.Latencies.ToString(),
        };

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
