namespace WebSub.Hub.Delivery;

/// <summary>
/// Stops deliveries to an origin that has given no answer of any kind for 30 seconds: connection failures and time-outs only (rule 23). Then one probe at a
/// time, at growing distances; after an answer the rest goes on at a growing rate. A failure status is an answer. Touched under the lock of its <see cref="SendGate"/> only.
/// </summary>
internal sealed class OriginCircuit(TimeProvider time)
{
    private static readonly TimeSpan OpensAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstProbeAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestProbeWait = TimeSpan.FromMinutes(5);
    private long? _silentSince;
    private long _openedAt;
    private TimeSpan _wait;
    private bool _isProbing;

    /// <summary>True while nothing but probes goes out.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How many attempts may be in flight; grows with each answer after the circuit was open.</summary>
    public int Allowance { get; private set; } = int.MaxValue;

    /// <summary>True if there is nothing to remember.</summary>
    public bool IsForgettable => _silentSince is null && !IsOpen && Allowance == int.MaxValue;

    /// <summary>False if an attempt may not be made now. While the circuit is open, a true makes that attempt the probe.</summary>
    public bool TryPass()
    {
        if (!IsOpen) return true;
        if (_isProbing || time.GetElapsedTime(_openedAt) < _wait) return false;
        _isProbing = true;
        return true;
    }

    /// <summary>An attempt that passed was not made after all.</summary>
    public void Abandon() => _isProbing = false;

    /// <summary>The origin answered, whatever it said.</summary>
    /// <param name="most">The allowance at which the origin is as good as any.</param>
    public void Answered(int most)
    {
        (_silentSince, _isProbing) = (null, false);
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

    /// <summary>No connection, or no answer in time. Returns true if the circuit opened just now.</summary>
    /// <param name="sentAt">When the attempt was sent.</param>
    public bool Silent(long sentAt)
    {
        _silentSince ??= sentAt;
        if (!IsOpen && time.GetElapsedTime(_silentSince.Value) < OpensAfter) return false;

        var opens = !IsOpen;
        _wait = opens ? FirstProbeAfter : _wait * 2 < LongestProbeWait ? _wait * 2 : LongestProbeWait;
        (IsOpen, _openedAt, _isProbing) = (true, time.GetTimestamp(), false);
        return opens;
    }
}
