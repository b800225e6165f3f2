namespace WebSub.Hub.Delivery;

/// <summary>
/// Notices when it is rather this node that is cut off than its subscribers: of the last 1,000 attempts more than half, to ten or more origins, failed to
/// connect (rule 19). Touched under the lock of its <see cref="SendGate"/> only.
/// </summary>
internal sealed class SelfDoubt
{
    private const int Window = 1000;
    private const int EnoughOrigins = 10;
    private readonly Queue<string?> _recent = new(Window);
    private readonly Dictionary<string, int> _failing = new(StringComparer.Ordinal);
    private int _failures;

    /// <summary>Counts an attempt; true if we have to doubt ourselves. Then counting starts anew.</summary>
    public bool Count(string origin, bool couldNotConnect)
    {
        if (_recent.Count == Window && _recent.Dequeue() is { } oldest) Forget(oldest);
        _recent.Enqueue(couldNotConnect ? origin : null);
        if (!couldNotConnect) return false;

        _failures++;
        _failing[origin] = _failing.GetValueOrDefault(origin) + 1;
        if (_recent.Count < Window || _failures <= Window / 2 || _failing.Count < EnoughOrigins) return false;

        _failures = 0;
        _recent.Clear();
        _failing.Clear();
        return true;
    }

    private void Forget(string origin)
    {
        _failures--;
        if (--_failing[origin] == 0) _failing.Remove(origin);
    }
}
