using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>
/// Tells of failures that repeat, as those of a database that is away: the first at once, then one a minute with how many there were in
/// between. What the database says needs no stack trace; anything else has one.
/// </summary>
/// <param name="name">What fails.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class FailureLog(string name, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private long? _toldAt;
    private long _untold;

    /// <summary>True for a failure that is the database's, not ours.</summary>
    public static bool IsOutage(Exception e) => e is DbException or TimeoutException || (e.InnerException is { } inner && IsOutage(inner));

    /// <summary>Tells of a failure, or counts it.</summary>
    public void Report(Exception e)
    {
        long before;
        lock (_lock)
        {
            if (_toldAt is { } at && time.GetElapsedTime(at) < Every)
            {
                _untold++;
                return;
            }

            (before, _untold, _toldAt) = (_untold, 0, time.GetTimestamp());
        }

        if (IsOutage(e))
            WorkLog.DatabaseAway(logger, name, ReasonOf(e), before);
        else
            WorkLog.LoopFailed(logger, e, name, before);
    }

    /// <summary>The innermost message, on one line.</summary>
    public static string ReasonOf(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
