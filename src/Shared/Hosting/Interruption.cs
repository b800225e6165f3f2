using System.Runtime.InteropServices;

namespace WebSub.Hosting;

/// <summary>Ctrl-C and SIGTERM as a token, so that a program can shut down gracefully; a second one ends it at once.</summary>
internal sealed class Interruption : IDisposable
{
    // timeout(1) and some service managers signal the process and its group: one signal arrives twice.
    private static readonly TimeSpan SameSignal = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    private long _first;

    public Interruption(TimeProvider time)
    {
        _time = time;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>Fires at the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        var isFirst = !_source.IsCancellationRequested;
        if (isFirst)
            _first = _time.GetTimestamp();
        signal.Cancel = _time.GetElapsedTime(_first) < SameSignal;
        if (isFirst)
            _source.Cancel();
    }
}
