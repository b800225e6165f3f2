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
    /// <summary>How SQLite's driver begins what it says of a wrong statement; its error code is in its own exception only.</summary>
    private static readonly string[] WrongStatements =
    [
        "SQLite Error 1:",
        "SQLite Error 19:",
        "SQLite Error 20:",
        "SQLite Error 21:",
        "SQLite Error 25:",
    ];

    private readonly OnceAMinute _often = new(time);

    /// <summary>
    /// True for a failure that is the database's, not ours: it is away, full, locked, or without room for one more connection. A statement
    /// that it does not understand is a fault of ours.
    /// </summary>
    public static bool IsOutage(Exception e) =>
        e switch
        {
            DbException { SqlState: { Length: 5 } state } => state[..2] is "08" or "53" or "55" or "57" or "58",
            DbException when WrongStatements.Any(w => e.Message.StartsWith(w, StringComparison.Ordinal)) => false,
            DbException or TimeoutException => true,
            _ => e.InnerException is { } inner && IsOutage(inner),
        };

    /// <summary>Tells of a failure, or counts it.</summary>
    public void Report(Exception e)
    {
        if (!_often.IsDue(out var before))
            return;

        if (IsOutage(e))
            WorkLog.DatabaseAway(logger, name, ReasonOf(e), before);
        else
            WorkLog.LoopFailed(logger, e, name, before);
    }

    /// <summary>The innermost message, on one line.</summary>
    public static string ReasonOf(Exception e) => e.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
