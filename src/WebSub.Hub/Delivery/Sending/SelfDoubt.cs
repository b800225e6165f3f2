using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// Notices when it is rather this node that is cut off than its subscribers: of the last 1,000 attempts more than half, to ten or more
/// origins, failed to connect (rule 19), and none of the last hundred was answered. The doubt stays until one answers: as long as
/// one origin does, it is the others that are down, however many names they go by. Touched under the lock of its <see cref="SendGate"/>
/// only.
/// </summary>
internal sealed class SelfDoubt
{
    private const int Window = 1000;
    private const int EnoughOrigins = 10;
    private const int EnoughSilence = 100;
    private readonly Queue<string?> _recent = new(Window);
    private readonly Dictionary<string, int> _failing = new(StringComparer.Ordinal);
    private int _failures;
    private int _unanswered;
    private Timestamp _since;

    /// <summary>True while we doubt ourselves.</summary>
    public bool Doubts { get; private set; }

    /// <summary>
    /// Counts how an attempt ended. In doubt only an answer counts, and only to what was sent since: with it the doubt ends and counting
    /// starts anew.
    /// </summary>
    /// <param name="origin">Whose attempt it was.</param>
    /// <param name="couldNotConnect">True if there was no connection.</param>
    /// <param name="answered">True if there was an answer, whatever it said.</param>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="now">The time stamp now.</param>
    public void Count(string origin, bool couldNotConnect, bool answered, Timestamp sentAt, Timestamp now)
    {
        if (Doubts)
        {
            if (answered && sentAt >= _since)
                End();
            return;
        }

        if (_recent.Count == Window && _recent.Dequeue() is { } oldest)
            Forget(oldest);
        _recent.Enqueue(couldNotConnect ? origin : null);
        _unanswered = answered ? 0 : _unanswered + 1;
        if (!couldNotConnect)
            return;

        _failures++;
        _failing[origin] = _failing.GetValueOrDefault(origin) + 1;
        Doubts = _recent.Count == Window && _failures > Window / 2 && _failing.Count >= EnoughOrigins && _unanswered >= EnoughSilence;
        if (Doubts)
            _since = now;
    }

    /// <summary>No origin is left to ask.</summary>
    public void End()
    {
        (Doubts, _failures, _unanswered) = (false, 0, 0);
        _recent.Clear();
        _failing.Clear();
    }

    private void Forget(string origin)
    {
        _failures--;
        if (--_failing[origin] == 0)
            _failing.Remove(origin);
    }
}
