namespace WebSub.Work;

/// <summary>Keeps a log line that strangers or an outage could repeat without end to one a minute; the others are counted.</summary>
/// <param name="time">The clock.</param>
internal sealed class OnceAMinute(TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private long? _toldAt;
    private long _untold;

    /// <summary>True if the line is to be written.</summary>
    /// <param name="before">How many were not since the last one.</param>
    public bool IsDue(out long before)
    {
        lock (_lock)
        {
            if (_toldAt is { } at && time.GetElapsedTime(at) < Minute)
            {
                _untold++;
                before = 0;
                return false;
            }

            (before, _untold, _toldAt) = (_untold, 0, time.GetTimestamp());
            return true;
        }
    }
}
