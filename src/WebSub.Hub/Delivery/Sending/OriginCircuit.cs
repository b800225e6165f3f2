using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// Stops deliveries to an origin that has given no answer of any kind for 30 seconds: connection failures and time-outs only (rule 23).
/// Then one probe at a time, at growing distances; after an answer the rest goes on at a growing rate. A failure status is an answer.
/// Touched under the lock of its <see cref="SendGate"/> only.
/// </summary>
internal sealed class OriginCircuit(TimeProvider time)
{
    private static readonly TimeSpan OpensAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstProbeAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestProbeWait = TimeSpan.FromMinutes(5);
    private Timestamp? _silentSince;
    private Timestamp _openedAt;
    private TimeSpan _wait;
    private bool _isProbing;

    /// <summary>True while nothing but probes goes out.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How many attempts may be in flight; grows with each answer after the circuit was open.</summary>
    public int Allowance { get; private set; } = int.MaxValue;

    /// <summary>True if there is nothing to remember.</summary>
    public bool IsForgettable => _silentSince is null && !IsOpen && Allowance == int.MaxValue;

    /// <summary>How long it is until the next probe may go out; until the one after it, while one is on its way.</summary>
    public TimeSpan UntilProbe
    {
        get
        {
            if (!IsOpen)
                return TimeSpan.Zero;
            var left = _wait - time.GetElapsedTime(_openedAt);
            return !_isProbing && left > TimeSpan.Zero ? left : Longer(_wait);
        }
    }

    /// <summary>False if an attempt may not be made now. True while the circuit is open makes that attempt the probe.</summary>
    public bool TryPass()
    {
        if (!IsOpen)
            return true;
        if (_isProbing || time.GetElapsedTime(_openedAt) < _wait)
            return false;
        _isProbing = true;
        return true;
    }

    /// <summary>The probe was not made after all: another attempt may be it.</summary>
    public void Abandon() => _isProbing = false;

    /// <summary>The origin answered, whatever it said.</summary>
    /// <param name="most">The allowance at which the origin is as good as any.</param>
    public void Answered(int most)
    {
        _silentSince = null;
        if (IsOpen)
        {
            IsOpen = false;
            Allowance = 2;
        }
        else if (Allowance < int.MaxValue)
        {
            Allowance = Allowance * 2 >= most ? int.MaxValue : Allowance * 2;
        }
    }

    /// <summary>
    /// No connection, or no answer in time. Of an open circuit only the probe tells something new: the others were on their way when it
    /// opened.
    /// </summary>
    /// <param name="sentAt">When the attempt was sent.</param>
    /// <param name="isProbe">True for the attempt that passed while the circuit was open.</param>
    /// <returns>True if the circuit opened just now.</returns>
    public bool Silent(Timestamp sentAt, bool isProbe)
    {
        _silentSince ??= sentAt;
        var opens = !IsOpen;
        if (opens ? time.GetElapsedTime(_silentSince.Value) < OpensAfter : !isProbe)
            return false;

        _wait = opens ? FirstProbeAfter : Longer(_wait);
        (IsOpen, _openedAt, _isProbing) = (true, Timestamp.Now(time), false);
        return opens;
    }

    private static TimeSpan Longer(TimeSpan wait) => wait * 2 < LongestProbeWait ? wait * 2 : LongestProbeWait;
}
