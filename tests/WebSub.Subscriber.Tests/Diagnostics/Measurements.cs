using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Subscriber.Tests.EndToEnd;

namespace WebSub.Subscriber.Tests.Diagnostics;

/// <summary>
/// What the meter of one app measures from now on, each as a line: the instrument, the value (1 for durations) and the tags.
/// </summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentBag<string> _all = [];
    private readonly MeterListener _listener = new();

    public Measurements(SubscriberApp app)
    {
        var scope = app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == WebSubSubscriberDiagnostics.MeterName && instrument.Meter.Scope == scope)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => _all.Add(Show(i, value, tags)));
        _listener.SetMeasurementEventCallback<double>((i, _, tags, _) => _all.Add(Show(i, 1, tags)));
        _listener.Start();
    }

    public IReadOnlyCollection<string> All => _all;

    /// <summary>Reads the gauges.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private static string Show<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        $"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}".TrimEnd();
}
